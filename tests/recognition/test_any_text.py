"""Whatever a customer sends, the answer is well formed, and the same wherever it is asked."""

from __future__ import annotations

import json
import subprocess
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recognition import EXPOSURES, LEVELS, Assessment, Recogniser
from bot.recognition.patterns import parse_pattern
from bot.settings import PROJECT_ROOT
from bot.supervisor.parts import ENGINE_PYTHON
from tests.recognition.script_tests import FILES, expectations

SEED = (
    "A man from the card centre says I owe 380,000 and the bank will sue me today. "
    "He can fix it if I pay in advance from the company account."
)
SEED_ZH = "信用卡中心说我欠了38万，今天就起诉，只要先从公司账户垫付就能摆平。"
ODD = [
    "",
    " \n\t\r",
    "\x00\x01\x1b[31m",
    "\u202emoc.knab\u202c pay now",
    "ادفع الآن " + SEED,
    "🙂👩‍👩‍👧‍👦🇨🇳" + SEED,
    "e\u0301" * 200,
    "a" * 2000,
    "！" * 3000,
    SEED_ZH.replace("信", "信\u200b"),
    "ＡＢＣ　１２３　起诉",
    "\u2028".join([SEED, SEED_ZH]),
    "not " * 300 + "pay",
    "never",
    "<money> ~2 =paid {bank}",
]
#: Signs that are seen by nobody, or seen somewhere else.
INSERTED = [
    *("\x00", "\x1b[31m", "\u200b", "\u200d", "\u202e", "\u2069", "\ufeff", "\u0301", "\r\n"),
    "🇨🇳",
]
ASSESS = """
import json, sys
from bot.recognition import Recogniser
recogniser = Recogniser.load()
texts = json.loads(sys.stdin.read())
print(json.dumps([recogniser.assess(text).to_dict() for text in texts]))
"""


@cache
def recogniser() -> Recogniser:
    """Return the trained recogniser."""
    return Recogniser.load()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_well_formed_assessment(text: str) -> None:
    check(text, recogniser().assess(text))


@given(st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn", "So", "Lo"])))
@settings(max_examples=150, deadline=None)
def test_signs_that_are_no_letters_of_ours_get_a_well_formed_assessment(text: str) -> None:
    check(text, recogniser().assess(text))


@given(
    st.sampled_from([SEED, SEED_ZH, SEED + SEED_ZH]),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(INSERTED)), max_size=12),
)
@settings(max_examples=200, deadline=None)
def test_signs_inside_the_words_of_a_story_move_no_quote(
    story: str, inserted: list[tuple[int, str]]
) -> None:
    for at, sign in inserted:
        story = story[:at] + sign + story[at:]
    check(story, recogniser().assess(story))


@given(st.lists(st.sampled_from([SEED, SEED_ZH, "\u202e", "🙂", "\x07", " ", "ß"]), max_size=5))
@settings(max_examples=100, deadline=None)
def test_signs_between_the_words_of_a_story_break_nothing(parts: list[str]) -> None:
    text = "".join(parts)
    check(text, recogniser().assess(text))


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_gets_a_well_formed_assessment(text: str) -> None:
    check(text, recogniser().assess(text))


def test_half_a_surrogate_pair_is_assessed_too() -> None:
    recogniser().assess("\ud800")


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(SEED + "\n", id="story"),
        pytest.param("pay pay the bank company account now ", id="repeated"),
        pytest.param("1 ", id="numbers"),
        pytest.param(SEED_ZH, id="story_zh"),
        pytest.param("起诉我", id="repeated_zh"),
        pytest.param("x", id="one word"),
        pytest.param("🙂\u200d", id="emoji"),
        pytest.param("\u202e1\u2069", id="right_to_left"),
        pytest.param("\x00\x1b", id="controls"),
        pytest.param("e\u0301", id="accents"),
    ],
)
def test_hundred_kilobytes_are_assessed_and_take_their_time_in_proportion(piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    tenth = seconds_for(text[:10_000])
    whole = seconds_for(text)
    check(text, recogniser().assess(text))
    # Ten times the text; a quadratic reading would take a hundred times as long.
    assert whole < 40 * max(tenth, 0.05)


def test_words_of_all_patterns_one_after_the_other_take_their_time_in_proportion() -> None:
    """The dearest text there is: every slot of every pattern is seen, again and again."""
    patterns = [
        pattern
        for flag in recogniser().artefact.knowledge["red_flags"].values()
        for language in flag["patterns"].values()
        for pattern in language
    ]
    words = " ".join(
        phrase.lstrip("=")
        for pattern in patterns
        for slot in parse_pattern(pattern)
        for phrase in slot.phrases
    )
    text = (words * 2)[:100_000]
    tenth = seconds_for(text[:10_000])
    whole = seconds_for(text)
    check(text, recogniser().assess(text))
    # The tenth holds a tenth of the patterns too, so that even the square would be honest here.
    assert whole < 100 * max(tenth, 0.05)


def test_nothing_is_seen_in_an_empty_text() -> None:
    assessment = recogniser().assess("")
    assert (assessment.level, assessment.exposure) == ("clear", "asking")
    assert assessment.red_flags == ()


def test_same_text_gets_the_same_answer_again() -> None:
    assert recogniser().assess(SEED) == recogniser().assess(SEED)


def test_both_environments_give_the_same_answers() -> None:
    texts = [
        *ODD,
        *[one.text for path in FILES for one in list(expectations(path))[:3]],
    ]
    outcome = subprocess.run(
        [str(ENGINE_PYTHON), "-W", "ignore", "-c", ASSESS],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    here = json.loads(json.dumps([recogniser().assess(text).to_dict() for text in texts]))
    there = json.loads(outcome.stdout)
    differing = [one for one, other in zip(here, there, strict=True) if not alike(one, other)]
    assert differing == []


def alike(one: dict[str, object], other: dict[str, object]) -> bool:
    """Compare two assessments; scores may differ by the rounding of another NumPy."""
    scores = [(one.pop("score"), other.pop("score"))]
    scripts = (one.pop("scripts"), other.pop("scripts"))
    scores += [(a["score"], b["score"]) for a, b in zip(*scripts, strict=True)]  # type: ignore[call-overload]
    ids = [[script["id"] for script in ranked] for ranked in scripts]  # type: ignore[attr-defined]
    near = all(abs(a - b) < 0.001 for a, b in scores)
    return one == other and ids[0] == ids[1] and near


def seconds_for(text: str) -> float:
    """Return how long one assessment takes."""
    started = time.perf_counter()
    recogniser().assess(text)
    return time.perf_counter() - started


def check(text: str, assessment: Assessment) -> None:
    """Check what must be so of every assessment."""
    assert assessment.level in LEVELS
    assert assessment.exposure in EXPOSURES
    assert assessment.lang in ("en", "zh")
    assert 0 <= assessment.score <= 1
    assert [s.score for s in assessment.scripts] == sorted(
        (s.score for s in assessment.scripts), reverse=True
    )
    for flag in assessment.red_flags:
        assert 0 <= flag.start < flag.end <= len(text)
        assert flag.quote == text[flag.start : flag.end]
        assert flag.why
    if assessment.stage:
        assert 1 <= assessment.stage.step <= assessment.stage.of
        assert assessment.stage.script == assessment.scripts[0].id
        assert assessment.next
    assert not (assessment.level == "clear" and assessment.scripts)
