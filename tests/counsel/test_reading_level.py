"""Everything said is easy to read: English for a twelve-year-old, Mandarin in short, common words.

English is measured by the Flesch-Kincaid grade (J. P. Kincaid and others, "Derivation of new
readability formulas for Navy enlisted personnel", 1975); its sixth grade ends at the age of twelve.
A unit ends at a full stop, a question mark, an exclamation mark, a colon or a semicolon, as Rudolf
Flesch counts ("How to Write Plain English", 1979). The grade was made for a hundred words and a
text of ours may have five, where one long word is worth two grades. That noise is not averaged
away: it only ever makes us look for a shorter word, and a text that stays hard because of one word
is hard for the reader too. Long sentences, which colons could hide, have a rule of their own.

What stands in “…” or 「…」 is somebody's speech: a caller's or a customer's. A lesson must show it
as it is heard, and scams come in hard words ("your social security number has been suspended"). So
the grade and the length of sentences are taken of our own words alone. Single and straight
quotation marks exempt nothing: we write names in them.

The syllables come from a list of words with a fallback (syllapy); hyphenation, which other
libraries count instead, finds one syllable in "money" and "caller".

Mandarin has no grade that is agreed on. What holds a reader up is a long run without a pause and a
character seldom seen. The first is counted between two punctuation marks; for the second Python
knows level 1 of GB/T 2312, the 3,755 characters in common use, by its codec.
"""

from __future__ import annotations

import re
from statistics import mean

import pytest
import syllapy

from bot.education import script_ids, script_of
from tests.counsel.everything_said import Said, everything

SIXTH_GRADE = 7.0  # Grades are counted in whole years: 6.9 is still the sixth.
USUAL_GRADE = 4.0  # The hardest texts are at the limit; most are far below it.
LONGEST_SENTENCE = 20  # Words. GOV.UK's guidance allows 25, to adults who are not afraid.
FEWEST_WORDS = 5
LONGEST_RUN = 22  # Characters without a pause.
# In words of every day, though level 2 of the standard of 1980 has them: 浏览器, 陷阱.
DAILY = frozenset("浏阱")
# Flesch measures running text and skips headings: a title names a fraud, a label names a button.
NAMES = re.compile(r": (title|name|commands/\w+|buttons/\w+|chat/\w*(title|label))$")
# The errors that only the programmer of a page sees.
FOR_PROGRAMMERS = re.compile(r": errors/(method|not_found|invalid)/(what|do)$")

UNIT_END = re.compile(r"[.!?:;…]+[”’'\")]*(?:\s|$)|\n")
SPEECH = re.compile(r"“[^“”]*?([.!?…]?)”|「[^「」]*?([.!?…。！？]?)」")
SENTENCE_END = re.compile(r"[.!?…]+[”’'\")]*(?:\s|$)|\n")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’-]*")
PAUSE = re.compile(r"[，。；：？！、,.;:?!…\n—（）()“”]+")
CHARACTER = re.compile("[\u4e00-\u9fff]")
# Plain words of the length that usually stands there.
FILLED = {
    "counsel": "Pay nothing.",
    "details": "ten pounds",
    "evidence": "They asked you for money.",
    "forwarded": "pay now",
    "honest_way": "Ask at the bank.",
    "hours": "day and night",
    "next": "They ask for money.",
    "problems": "no text",
    "quote": "pay now",
    "stopped": "ten pounds",
    "title": "a fake bank call",
    "why": "No bank asks for that.",
}
A_NAME = "Ann"  # Of a person, a place or a case, or a number: short, since nobody chose its words.

BUREAUCRATIC = (
    "Notwithstanding the aforementioned communication, customers are required to refrain from "
    "initiating any remittance until verification has been completed by the competent department."
)
BUREAUCRATIC_ZH = "请客户在相关职能部门完成对上述交易真实性的核验之前暂缓办理任何形式的资金划转业务"


def test_every_english_text_is_within_the_sixth_grade() -> None:
    found = [f"{grade(t):.1f} {said.place}: {t}" for said, t in texts() if grade(t) >= SIXTH_GRADE]
    assert found == []


def test_most_english_texts_are_far_easier() -> None:
    assert mean(grade(text) for _said, text in texts()) < USUAL_GRADE


def test_no_english_sentence_is_long() -> None:
    found = [
        f"{count} words {said.place}: {text}"
        for said, text in texts()
        if (count := longest_sentence(text)) > LONGEST_SENTENCE
    ]
    assert found == []


def test_every_way_to_tell_an_honest_call_is_as_easy() -> None:
    """Lessons are told with the first look-alike alone; cards and quizzes speak the others too."""
    tells = [
        (f"{script.id}: {alike.title['en']}", alike.tell["en"])
        for script in map(script_of, script_ids())
        for alike in script.look_alikes
    ]
    assert [place for place, tell in tells if grade(tell) >= SIXTH_GRADE] == []
    assert [place for place, tell in tells if longest_sentence(tell) > LONGEST_SENTENCE] == []


def test_no_mandarin_text_runs_on_without_a_pause() -> None:
    found = [
        f"{count} characters {said.place}: {said.text}"
        for said in everything()
        if said.language == "zh" and (count := longest_run(said.text)) > LONGEST_RUN
    ]
    assert found == []


def test_no_mandarin_text_has_a_character_seldom_seen() -> None:
    found = [
        f"{rare} {said.place}: {said.text}"
        for said in everything()
        if said.language == "zh" and (rare := rare_characters(said.text))
    ]
    assert found == []


def test_the_rules_bite_on_what_an_office_would_write() -> None:
    assert grade(BUREAUCRATIC) > SIXTH_GRADE * 2
    assert longest_sentence(BUREAUCRATIC) > LONGEST_SENTENCE
    assert longest_run(BUREAUCRATIC_ZH) > LONGEST_RUN
    assert rare_characters("切勿踟蹰") == "踟蹰"


@pytest.mark.parametrize("quoted", ["“{}”", "「{}」"])
def test_speech_that_is_quoted_is_not_measured_and_our_words_around_it_are(quoted: str) -> None:
    speech = quoted.format(BUREAUCRATIC)
    heard = f"What you may hear:\n{speech}\nHang up."
    assert grade(heard) == pytest.approx(grade("What you may hear:\n\nHang up."))
    assert longest_sentence(heard) == 4
    for ours in (f"{speech}\n{BUREAUCRATIC}", f"{BUREAUCRATIC}\n{speech}"):
        assert grade(ours) == pytest.approx(grade(BUREAUCRATIC))
        assert longest_sentence(ours) == longest_sentence(BUREAUCRATIC)


@pytest.mark.parametrize("marked", ["'{}'", '"{}"', "‘{}’", "({})", "“{}", "{}”", "”{}“"])
def test_no_other_mark_exempts_anything(marked: str) -> None:
    text = marked.format(BUREAUCRATIC)
    assert grade(text) == pytest.approx(grade(BUREAUCRATIC))
    assert longest_sentence(text) == longest_sentence(BUREAUCRATIC)


def test_quote_inside_a_long_sentence_does_not_cut_it_in_two() -> None:
    ours = "if the man on the phone tells you that he is from the bank and"
    assert longest_sentence(f"{ours} “hurry” {ours}") == 2 * longest_sentence(ours)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat on the mat.", -1.4),  # 0.39 x 6 + 11.8 x 6/6 - 15.59
        ("Your money is still yours.", 0.5),  # 0.39 x 5 + 11.8 x 6/5 - 15.59
    ],
)
def test_the_grade_is_the_published_one(text: str, expected: float) -> None:
    assert grade(text) == pytest.approx(expected, abs=0.06)


def texts() -> list[tuple[Said, str]]:
    """Return what is said in English, filled in, but for names and very short texts."""
    filled = [(said, fill(said.text)) for said in everything() if said.language == "en"]
    return [
        (said, text)
        for said, text in filled
        if len(words(text)) >= FEWEST_WORDS
        and not NAMES.search(said.place)
        and not FOR_PROGRAMMERS.search(said.place)
    ]


def fill(text: str) -> str:
    """Return the text with its fields filled in."""
    return re.sub(r"\{(\w+)\}", lambda field: FILLED.get(field[1], A_NAME), text)


def grade(text: str) -> float:
    """Return the school grade, in years, that reads the text easily."""
    own = without_speech(text)
    all_words = words(own)
    if not all_words:
        return 0.0  # Nothing but speech.
    units = sum(1 for unit in UNIT_END.split(own) if words(unit))
    syllables = sum(map(syllables_of, all_words))
    return 0.39 * len(all_words) / units + 11.8 * syllables / len(all_words) - 15.59


def longest_sentence(text: str) -> int:
    """Return the number of words of the longest sentence of our own."""
    return max(len(words(sentence)) for sentence in SENTENCE_END.split(without_speech(text)))


def without_speech(text: str) -> str:
    """Return the text without what it quotes; a quoted sentence still ends where it ended."""
    return SPEECH.sub(lambda quote: quote[1] or quote[2] or "", text)


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return WORD.findall(text)


def syllables_of(word: str) -> int:
    """Return the number of syllables; a number or an abbreviation counts as a short word."""
    return sum(max(1, syllapy.count(part)) for part in word.strip("-").split("-"))


def longest_run(text: str) -> int:
    """Return the number of characters of the longest run without a pause."""
    return max(len(CHARACTER.findall(run)) for run in PAUSE.split(text))


def rare_characters(text: str) -> str:
    """Return the characters that are not among the common ones."""
    return "".join(found for found in CHARACTER.findall(text) if not common(found))


def common(character: str) -> bool:
    """Return whether the character is in level 1 of GB/T 2312: rows 16 to 55 of its table."""
    if character in DAILY:
        return True
    try:
        row = character.encode("gb2312")[0] - 0xA0
    except UnicodeEncodeError:
        return False
    return 16 <= row <= 55
