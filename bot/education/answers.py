"""Where a quiz stands in the talk, and which answer a message gives.

What was asked is kept as one short text, so that the talk remembers nothing of the answers:
``quiz:<language>:<script>:<seed>:<number>``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.education.quizzes import LETTERS, Question, quiz
from bot.education.scripts import script_ids
from bot.education.words import languages

_PREFIX = "quiz"
_LETTER = re.compile(
    r"(?:my |the )?(?:answer|option|choice|number|i (?:say|think|choose|take)|我?(?:选择|选|觉得是)"
    r"|答案)?(?: is|是|应该是)?\W*([a-d1-4])\W*(?:项|号|吧|please|i think)?\W*",
    re.IGNORECASE,
)
_ORDINALS = (
    r"(?:the )?(?:first|1st)(?: one)?|第一[个项条]?",
    r"(?:the )?(?:second|2nd)(?: one)?|第二[个项条]?",
    r"(?:the )?(?:third|3rd)(?: one)?|第三[个项条]?",
    r"(?:the )?(?:fourth|4th)(?: one)?|第四[个项条]?",
)


@dataclass(frozen=True)
class Place:
    """Where a quiz stands.

    Args:
        language: Language of the questions; their answers stand in another order in another one.
        script_id: The scam that it is about.
        seed: Which questions.
        number: The question that was asked, from zero.
    """

    language: str
    script_id: str
    seed: int
    number: int

    def __str__(self) -> str:
        return f"{_PREFIX}:{self.language}:{self.script_id}:{self.seed}:{self.number}"

    @property
    def question(self) -> Question:
        """The question that was asked."""
        return quiz(self.script_id, self.language, seed=self.seed)[self.number]


def place_of(asked: str) -> Place | None:
    """Read where a quiz stands from what was asked; None where it was no question of a quiz."""
    match = re.fullmatch(rf"{_PREFIX}:(\w+):(\w+):(\d{{1,9}}):([0-2])", asked)
    # The catalogue may be another one by now.
    if match is None or match[1] not in languages() or match[2] not in script_ids():
        return None
    return Place(match[1], match[2], int(match[3]), int(match[4]))


def letter_of(text: str) -> int | None:
    """Return which answer a text chooses by letter, number or place, from zero.

    Args:
        text: What the customer wrote or tapped.
    """
    plain = _plain(text)
    if match := _LETTER.fullmatch(plain):
        return "abcd1234".index(match[1].lower()) % len(LETTERS)
    for at, ordinal in enumerate(_ORDINALS):
        if re.fullmatch(rf"\W*(?:{ordinal})\W*", plain, re.IGNORECASE):
            return at
    return None


def answer_of(asked: str, text: str) -> int | None:
    """Return which answer of a quiz a message gives, by its letter or in its own words.

    Args:
        asked: What was asked.
        text: What the customer wrote.

    Returns:
        The number of the answer, from zero; None where the message is no answer of a quiz.
    """
    place = place_of(asked)
    if place is None:
        return None
    answers = place.question.answers
    chosen = letter_of(text)
    if chosen is not None:
        return chosen if chosen < len(answers) else None
    wanted = _words(text)
    for at, answer in enumerate(answers):
        if wanted and wanted in (_words(answer), _words(f"{LETTERS[at]} {answer}")):
            return at
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _words(text: str) -> str:
    return "".join(re.findall(r"\w+", _plain(text).lower()))
