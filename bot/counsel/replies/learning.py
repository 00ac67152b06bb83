"""A lesson, a quiz, and the consent to note that something was learned."""

from __future__ import annotations

from bot.counsel.replies.money import with_question
from bot.counsel.replies.parts import next_and_do
from bot.counsel.replies.situation import Learning, Reply, Situation, Speech
from bot.recognition.assessment import EXPOSURES

_IN_DANGER = EXPOSURES.index("engaged")
_LETTERS = ("answer_a", "answer_b", "answer_c", "answer_d")


def ask_lesson(s: Situation) -> Reply:
    """Teach the scam that was named, or ask which; a danger that is going on comes first."""
    if _in_danger(s):
        return _danger_first(s)
    if s.learning is None:
        return _nothing(s)
    if s.learning.offered:
        return _which(s, s.learning)
    said = (s.say("learn_title", title=s.learning.title), *map(Speech, s.learning.lines))
    offer = s.say("learn_quiz_offer", "affirm", "deny")
    return Reply((*said, offer), f"quiz_offer:{s.learning.script_id}")


def ask_quiz(s: Situation) -> Reply:
    """Begin a quiz about the scam that was named, or ask which."""
    if _in_danger(s):
        return _danger_first(s)
    if s.learning is None:
        return _nothing(s)
    if s.learning.offered:
        return _which(s, s.learning)
    if not s.learning.question:
        return _nothing(s)
    return _asks(s, s.learning, s.say("quiz_begin", title=s.learning.title))


def quiz_answer(s: Situation) -> Reply:
    """Say what was right and why, without a mark, and go on."""
    if s.learning is None:
        return _nothing(s)
    key = "quiz_right" if s.learning.right else "quiz_wrong"
    said = s.say(key, letter=s.learning.letter, reason=s.learning.reason)
    if s.learning.question:
        return _asks(s, s.learning, said)
    return _consent(s, s.learning, said, s.say("quiz_done"))


def quiz_unclear(s: Situation) -> Reply:
    """Ask the same question again."""
    if s.learning is None or not s.learning.question:
        return _nothing(s)
    return _asks(s, s.learning, s.say("quiz_letter"))


def quiz_left(s: Situation) -> Reply:
    """Leave the quiz at once; nothing is kept of it."""
    return Reply((s.say("quiz_left"),))


def lesson_over(s: Situation) -> Reply:
    """End a lesson without a quiz."""
    if s.learning is None:
        return Reply((s.say("lesson_over"),))
    return _consent(s, s.learning, s.say("lesson_over"))


def note_learned(s: Situation) -> Reply:
    """Say whether it has been noted; only what has been committed counts."""
    if s.learning is None or not s.learning.noted or s.manager is None:
        return Reply((s.say("note_failed"),))
    return Reply((s.say("noted", manager=s.manager, title=s.learning.title),))


def not_noted(s: Situation) -> Reply:
    """Keep nothing."""
    return Reply((s.say("not_noted"),))


def _in_danger(s: Situation) -> bool:
    return s.warned and s.script is not None and EXPOSURES.index(s.exposure) >= _IN_DANGER


def _danger_first(s: Situation) -> Reply:
    said = (s.say("learn_danger"), *next_and_do(s))
    if s.exposure == "paid":
        return with_question(s, said)
    question = s.say("before_you_pay_question", "not_paid", "paid")
    return Reply((*said, question), "sent_yet")


def _nothing(s: Situation) -> Reply:
    return Reply((s.say("learn_none"),), "story")


def _which(s: Situation, learning: Learning) -> Reply:
    offered = zip("ABCD", learning.offered, strict=False)  # Four at most.
    listed = [f"{letter}. {title}" for letter, (_, title) in offered]
    buttons = _LETTERS[: len(listed)]
    ids = ",".join(script_id for script_id, _ in learning.offered)
    return Reply(
        (s.say("learn_which", *buttons, titles="\n".join(listed)),), f"pick_{learning.how}:{ids}"
    )


def _asks(s: Situation, learning: Learning, *before: Speech) -> Reply:
    """Ask the question of a quiz, with a button a letter."""
    titles = s.say("quiz_letter", *_LETTERS[: learning.answers], "stop_quiz").buttons
    return Reply((*before, Speech(learning.question, titles)), learning.asked)


def _consent(s: Situation, learning: Learning, *before: Speech) -> Reply:
    """Ask an identified customer whether it may be noted; of a visitor nothing could be."""
    if s.manager is None:
        return Reply(before)
    question = s.say("note_question", "affirm", "deny", manager=s.manager)
    return Reply((*before, question), f"note:{learning.script_id}:{learning.how}")
