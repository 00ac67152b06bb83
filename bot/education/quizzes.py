"""A quiz: three questions about one scam, each with one right answer and the reason."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.education.examples import inside_quotes, readable
from bot.education.rare import kinship, peculiarity
from bot.education.scripts import catalogue, script_of, telling_flags
from bot.education.words import words_of
from bot.recognition.catalogue import LookAlike, RedFlag, ScamScript, Stage

LETTERS = ("A", "B", "C", "D")
_ANSWERS = 3
#: Somebody under no stress reads this much at once; it is also what a chat message may hold.
_MOST = {"en": 78, "zh": 115}
_FEW_WORDS = {"en": 5, "zh": 8}
_PECULIAR = 3
_UNLIKE = 4
_AKIN = 4  # The nearest quarter is too much alike.
_TELLING = 3
_VIVID_FILE = Path(__file__).with_name("vivid_steps.yml")
#: A sentence shorter than this tells too little of what has happened.
_LEAST = {"en": 36, "zh": 13}
#: It is over already; asking what to do then would come too late.
_PAST = re.compile(
    r"\b(I|we|I've|we've|have|has|already) (just |already )?"
    r"(paid|sent|borrowed|gave|transferred|clicked|invested|typed|told|got|bought|given)\b|"
    "已经|现在才|[转交投借付给刷买填念](了|出去|过去|进去)|套现|打完|抵押了|投进|共转|报了"
)
#: Look-alikes that are no contact at all, but talk about scams or everyday questions.
_TALK = re.compile(
    r"news|talk|warning|lesson|learning|what-if|asking|film|question|survey|looking for|"
    "聊|新闻|提醒|假设|防骗|宣传|知识|询问|话题|日常|说说|叮嘱|回访",
    re.IGNORECASE,
)
_THEN = re.compile("^(接下来|接着|然后|随后|之后)[，,]?(?!就是|冒)")


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        kind: ``next``, ``honest``, ``fraud`` or ``do``.
        text: The question alone.
        answers: What can be answered, in the order of the letters.
        right: The number of the right answer, from zero.
        reason: Why it is right.
    """

    kind: str
    text: str
    answers: tuple[str, ...]
    right: int
    reason: str

    @property
    def asked(self) -> str:
        """The question with its lettered answers, as one message."""
        lines = (f"{LETTERS[at]}. {answer}" for at, answer in enumerate(self.answers))
        return "\n".join([self.text, *lines])

    @property
    def letter(self) -> str:
        """The letter of the right answer."""
        return LETTERS[self.right]


def quiz(script_id: str, language: str, *, seed: int) -> tuple[Question, ...]:
    """Return three questions: what comes next, honest or not, and what to do.

    Args:
        script_id: The scam script.
        language: Language of the questions.
        seed: The same seed gives the same questions, in every process.

    Raises:
        NotFoundError: No script has the id.
    """
    script = script_of(script_id)
    makers: Sequence[Callable[[ScamScript, str, random.Random], Question]]
    makers = (_what_next, _honest_or_not, _what_to_do)
    return tuple(
        make(script, language, random.Random(f"{script_id}:{seed}:{at}"))  # noqa: S311 - a game
        for at, make in enumerate(makers)
    )


def _what_next(script: ScamScript, language: str, chance: random.Random) -> Question:
    words = words_of(language).quiz
    number, stage = chance.choice(_peculiar_stages(script, language))
    right = next_of(stage, language)
    question = words.next.format(stage=inside_quotes(stage.name[language]))
    room = _MOST.get(language, _MOST["en"]) - _size(question, language) - _size(right, language)
    wrong = _vivid_steps(script, language, room=room // (_ANSWERS - 1))
    chosen = [chance.choice(lines) for lines in chance.sample(wrong, _ANSWERS - 1)]
    return _made("next", question, right, chosen, _why_next(script, number, language), chance)


def _honest_or_not(script: ScamScript, language: str, chance: random.Random) -> Question:
    words = words_of(language).quiz
    alikes = _contacts(script, language)
    flags = [f for f in telling_flags(script) if f.weight >= _TELLING and _short(f, language)]
    if chance.random() < 1 / 2:
        flag = chance.choice(flags[:_TELLING])
        right = chance.choice(_short(flag, language))
        honest = [chance.choice(_quoted(a.examples[language], language)) for a in alikes]
        if len(honest) < _ANSWERS - 1:
            honest = chance.sample(_quoted(alikes[0].examples[language], language), _ANSWERS - 1)
        wrong = honest[: _ANSWERS - 1]
        return _made("fraud", words.fraud, right, wrong, flag.why[language], chance)
    alike = alikes[0]
    right = chance.choice(_quoted(alike.examples[language], language))
    wrong = [chance.choice(_short(flag, language)) for flag in flags[: _ANSWERS - 1]]
    return _made("honest", words.honest, right, wrong, alike.tell[language], chance)


def _what_to_do(script: ScamScript, language: str, chance: random.Random) -> Question:
    words = words_of(language).quiz
    flags = [flag for flag in telling_flags(script) if _happening(flag, language)]
    flag = chance.choice(flags[:_TELLING])
    example = chance.choice(_happening(flag, language))
    counsel = script.counsel[flag.exposure or "contacted"][language]
    question = words.do.format(example=example)
    wrong = chance.sample(words.wrong_moves, _ANSWERS - 1)
    right = _first_words(counsel, language)
    return _made("do", question, right, wrong, flag.why[language], chance)


def _made(
    kind: str,
    question: str,
    right: str,
    wrong: Sequence[str],
    reason: str,
    chance: random.Random,
) -> Question:
    answers = [right, *wrong]
    chance.shuffle(answers)
    return Question(kind, question, tuple(answers), answers.index(right), reason)


def _peculiar_stages(script: ScamScript, language: str) -> list[tuple[int, Stage]]:
    """Return the stages, with their numbers, whose next step fits hardly any other scam."""
    numbered = list(enumerate(script.stages[:-1], start=1))  # "They ring again" fits every scam.
    numbered.sort(key=lambda item: -peculiarity(next_of(item[1], language), language))
    return numbered[:_PECULIAR]


def _vivid_steps(script: ScamScript, language: str, *, room: int) -> list[list[str]]:
    """Return steps that can never come next in a scam, by the scam that they are of.

    Args:
        script: The scam in question.
        language: Language of the steps.
        room: How long a step may be.
    """
    others = sorted(
        (known for known in catalogue().scripts.values() if known.id != script.id),
        key=lambda other: kinship(script, other),
    )
    del others[-len(others) // _AKIN :]
    found = [
        [
            line
            for stage in other.stages
            if stage.id in vivid_steps().get(other.id, ())
            and _size(line := next_of(stage, language), language) <= room
        ]
        for other in others
    ]
    return [lines for lines in found if lines][:_UNLIKE]


@lru_cache(maxsize=1)
def vivid_steps() -> dict[str, list[str]]:
    """Return the ids of the stages that wrong answers may be taken from, by scam script."""
    steps: dict[str, list[str]] = yaml.safe_load(_VIVID_FILE.read_text(encoding="utf-8"))
    return steps


def next_of(stage: Stage, language: str) -> str:
    """Return what comes after a stage, without the word that says that it comes next."""
    return _THEN.sub("", stage.next[language])


def _why_next(script: ScamScript, number: int, language: str) -> str:
    """Return why the next step matters: the red flag of the stage that it leads to."""
    own = {flag.id: flag for flag in script.red_flags}
    for flag_id in script.stages[number].red_flags if number < len(script.stages) else ():
        if flag_id in own:
            return own[flag_id].why[language]
    return words_of(language).quiz.after_next


def _contacts(script: ScamScript, language: str) -> list[LookAlike]:
    """Return honest calls of which something can be quoted, the nearest first."""
    return [
        alike
        for alike in script.look_alikes
        if not any(_TALK.search(title) for title in alike.title.values())
        and _quoted(alike.examples[language], language)
    ]


def _short(flag: RedFlag, language: str) -> list[str]:
    return _quoted(flag.examples[language], language)


def _happening(flag: RedFlag, language: str) -> list[str]:
    """Return examples of what is only happening: there is still something to do."""
    found = (one for one in readable(flag.examples[language], language) if not _PAST.search(one))
    return [one for one in found if len(one) >= _LEAST.get(language, _LEAST["en"])]


def _quoted(examples: Sequence[str], language: str) -> list[str]:
    found = [
        one
        for one in readable(examples, language)
        if len(one) >= _LEAST.get(language, _LEAST["en"])
    ]
    return [f"“{one}”" for one in found]


def _first_words(counsel: str, language: str) -> str:
    """Return the first step of a counsel: its first sentence, or two when that is very short."""
    sentences = re.findall(r"[^.。！!]+[.。！!]\s*", counsel) or [counsel]
    taken = ""
    for sentence in sentences:
        taken += sentence
        if _size(taken, language) >= _FEW_WORDS.get(language, _FEW_WORDS["en"]):
            break
    return taken.strip()


def _size(text: str, language: str) -> int:
    """Measure a text as its readers do: in words, or in characters where there are no words."""
    if language == "zh":
        return len(re.findall("[\u4e00-\u9fff]|[A-Za-z0-9]+", text))
    return len(text.split())
