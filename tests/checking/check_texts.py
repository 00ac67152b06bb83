"""The texts that every way of asking is asked, and how two answers are compared."""

from __future__ import annotations

from typing import Any

from tests.recognition.script_tests import FILES, expectations

SEED = (
    "A man from the card centre says I owe 380,000 and the bank will sue me today. "
    "He can fix it if I pay in advance from the company account."
)
SEED_ZH = "信用卡中心说我欠了38万，今天就起诉，只要先从公司账户垫付就能摆平。"
ODD = [
    "110",
    "???",
    "ok 好的",
    "\u202emoc.knab\u202c pay now",
    "🙂👩‍👩‍👧‍👦🇨🇳 " + SEED,
    "  " + SEED + "  ",
    "/has_paid",
    f"Caller: {SEED}\nMe: who are you?",
    f"对方：{SEED_ZH}\n我：你是谁？",
    "檢察官說我的帳戶涉嫌洗錢，要我把錢轉到安全賬戶",
    "ＡＢＣ　１２３　起诉我",
    f"{SEED} {SEED_ZH}",
    "What does a transfer abroad cost?",
]
#: A spread: of every script in every language some scams and some honest texts.
TEXTS = [
    *ODD,
    *[
        one.text
        for path in FILES
        for warned, many in ((True, 3), (False, 2))
        for one in [one for one in expectations(path) if one.warned is warned][:many]
    ],
]


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return what two answers do not agree on; scores may differ by another NumPy's rounding."""
    found = {
        key: (one[key], other[key])
        for key in ("lang", "level", "exposure", "stage", "next", "red_flags")
        if one[key] != other[key]
    }
    ranked = [[script["id"] for script in answer["scripts"]] for answer in (one, other)]
    if ranked[0] != ranked[1]:
        found["scripts"] = ranked
    scores = [(one["score"], other["score"])]
    scores += [(a["score"], b["score"]) for a, b in zip(one["scripts"], other["scripts"])]  # noqa: B905
    if any(abs(a - b) > 0.001 for a, b in scores):
        found["scores"] = scores
    return found
