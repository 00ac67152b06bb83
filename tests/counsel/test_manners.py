"""The rules of counsel over every single text that a customer may read."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from bot.bank import load_bank
from bot.settings import Settings
from tests.counsel.everything_said import Said, everything, length_problem, questions

BANK = load_bank(Settings(_env_file=None).bank_file)
LANGUAGES = ("en", "zh")

FORBIDDEN = {
    "en": [
        r"how could you",
        r"why did you\b",
        r"\bobvious",
        r"you should have",
        r"you should not have",
        r"calm down",
        r"don't worry|do not worry|no need to worry",
        r"there is (still )?(plenty of )?time|there's (still )?(plenty of )?time",
        r"wait (until|till|for) (the )?(next )?(morning|tomorrow|monday)",
        r"\b(stupid|foolish|naive|gullible|careless|greedy)\b",
        r"your (own )?fault",
    ],
    "zh": [
        r"你?您?怎么(会|能|可以)(这么|那么|上|相信|信|被|做)",
        r"您?为什么要",
        r"显然|明摆着|一看就(是|该)",
        r"早该|本该|本应|早就应该",
        r"冷静",
        r"(别|不用|不必|不要|无需)担心",
        r"请您?放心|您?(尽管|可以|大可)放心|放心吧",
        r"还有时间|来得及|时间(还)?(很|充)(多|足|裕)",
        r"(别|不用|不必|不要)着急|不急",
        r"(等|到|拖到)(明天|明早|天亮|早上|周一)(再|吧|也)",
        r"(太|真)(傻|笨|蠢|大意|贪)|贪心|贪图|粗心",
        r"(是|怪)您(自己)?(的错|不好|不小心)",
    ],
}
PROMISES = {
    "en": [
        r"\b(we|i) guarantee|guaranteed (to|that)|\bguarantee (that )?(you|it|the money)",
        r"\b(we|i|police|the bank) (will|can|shall|are going to) "
        r"(surely )?(recover|return|refund|get (it|your money|the money) back)",
        r"you (will|shall|are going to) (get|have|see) (it|your money|the money|everything) back",
        r"(money|it) (will|can) (surely|certainly|definitely) be",
    ],
    "zh": [
        r"(?<!没有人能)(?<!没人能)(一定|肯定|必定|保证|包)(能|会|可以)?[^，。；]{0,6}(追回|找回|拿回|退回|讨回|挽回|要回)(?!的)",
        r"(我们|银行|警方|警察|民警)(会|能|可以|负责)[^，。；]{0,6}(追回|找回|拿回|讨回)",
        r"钱(就|都)?(会|能)(全部)?(回来|退回)",
    ],
}
ASKS_FOR_A_SECRET = {
    "en": [
        r"\b(tell|give|send|show|read|text|type) (me|us) [^.?!;:]{0,40}"
        r"\b(password|passcode|pin|code|card number|account number|cvv)\b",
        r"what (is|was) (your|the) [^.?!]{0,20}(password|passcode|pin|code|card number)",
        r"\b(enter|confirm) your (password|pin|code|card number)",
    ],
    "zh": [
        r"(告诉|发给|报给|念给|提供给|发)(我|我们)[^，。？；]{0,10}(密码|验证码|卡号|口令)",
        r"(把|将)[^，。？；]{0,10}(密码|验证码|卡号)[^，。？；]{0,6}(告诉|发给|报给|给)(我|我们)",
        r"(密码|验证码|卡号)是(多少|什么|几)",
    ],
}
# A row of digits with nothing about it that makes it an amount, a year or a count.
NUMBER = re.compile(r"(?<![\d,.$€£¥…])\+?\d{3,}(?:[ \u00a0-]\d{3,})*(?![\d,.]*\d)(?!%)")
UNIT = re.compile(r"^\s?(?:万|元|块|年|月|天|次|人|k\b|million|thousand|yuan|pounds|dollars)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_longer_than_somebody_under_stress_can_read(language: str) -> None:
    found = [f"{s.place}: {p}" for s in of(language) if (p := length_problem(s.text, language))]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_asks_more_than_one_question(language: str) -> None:
    assert [s.place for s in of(language) if questions(s.text) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_blames_soothes_or_gives_time(language: str) -> None:
    assert breaches(FORBIDDEN, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_promises_that_money_comes_back(language: str) -> None:
    assert breaches(PROMISES, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_asks_for_a_secret(language: str) -> None:
    assert breaches(ASKS_FOR_A_SECRET, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_telephone_number_comes_from_the_banks_own_file(language: str) -> None:
    found = [
        f"{said.place}: {number.group()}"
        for said in of(language)
        for number in NUMBER.finditer(filled(said))
        if number.group().replace("\u00a0", " ") not in known_numbers()
        and not UNIT.match(filled(said)[number.end() :])
    ]
    assert found == []


def test_every_text_exists_in_every_language_with_the_same_fields() -> None:
    texts: dict[str, dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
    for said in everything():
        texts[said.place][said.language].append(said)
    missing = [place for place, by_code in texts.items() if set(by_code) != set(LANGUAGES)]
    assert missing == []
    differing = [
        f"{place}: {[sorted(said.fields) for said in by_code['en'] + by_code['zh']]}"
        for place, by_code in texts.items()
        if {said.fields for said in by_code["en"]} != {said.fields for said in by_code["zh"]}
    ]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_written_in_its_language(language: str) -> None:
    def strange(said: Said) -> bool:
        chinese = bool(re.search("[\u4e00-\u9fff]", said.text))
        letters = bool(re.search("[A-Za-z]{2}", said.text))
        return chinese if said.language == "en" else letters and not chinese

    # The switch and its label are written for the reader of the other language.
    switches = (
        *("chat/switch", "chat/switch_label", "chat/exit_url"),
        *("messengers/words: name", "commands/language"),
    )
    assert [s.place for s in of(language) if strange(s) and not s.place.endswith(switches)] == []


def test_the_rules_find_what_they_are_made_for() -> None:
    bad = {
        "en": [
            "Calm down, you should have known",
            "We will get your money back",
            "Tell me the code",
        ],
        "zh": ["请您冷静，早该想到的", "钱一定能追回来", "请把验证码告诉我"],
    }
    for language, (blame, promise, secret) in bad.items():
        assert matches(FORBIDDEN[language], blame)
        assert matches(PROMISES[language], promise)
        assert matches(ASKS_FOR_A_SECRET[language], secret)


def of(language: str) -> list[Said]:
    """Return all that is said in a language."""
    return [said for said in everything() if said.language == language]


def breaches(rules: dict[str, list[str]], language: str) -> list[str]:
    """Return the places where a rule is broken, with the words that break it."""
    return [
        f"{said.place}: {found}"
        for said in of(language)
        for found in matches(rules[language], said.text)
    ]


def matches(rules: list[str], text: str) -> list[str]:
    """Return what of a text fits a rule."""
    return [m.group() for rule in rules for m in re.finditer(rule, text, re.IGNORECASE)]


def filled(said: Said) -> str:
    """Return the text with the bank's own numbers in it."""
    text = said.text
    for name, value in BANK.fields(said.language).items():
        text = text.replace("{" + name + "}", value)
    return text


def known_numbers() -> set[str]:
    """Return the numbers that may be said."""
    public = (line.number for line in BANK.public_numbers)
    return {BANK.hotline, *BANK.emergency.model_dump().values(), *public}
