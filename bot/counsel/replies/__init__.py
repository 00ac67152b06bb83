"""What to say in each situation: plain functions from a situation to speeches."""

from __future__ import annotations

from collections.abc import Callable

from bot.counsel.replies import danger, learning, money, ordinary, people, telling
from bot.counsel.replies.situation import (
    Known,
    Learning,
    PaymentTalk,
    Reply,
    Representative,
    Situation,
    Speech,
    Told,
)

__all__ = [
    "TOPICS",
    "Known",
    "Learning",
    "PaymentTalk",
    "Reply",
    "Representative",
    "Situation",
    "Speech",
    "Told",
]

#: What answers each topic.
TOPICS: dict[str, Callable[[Situation], Reply]] = {
    function.__name__: function
    for function in (
        telling.tell_of_call,
        danger.on_the_phone,
        money.about_to_pay,
        danger.gave_secret,
        money.has_paid,
        money.payment_told,
        money.tell_representative,
        money.not_telling,
        danger.called_again,
        telling.doubts_us,
        telling.ask_what_next,
        telling.ask_honest_way,
        people.ask_if_told,
        people.ask_person,
        people.ask_manager_contact,
        telling.correct,
        danger.hung_up,
        danger.is_fine,
        danger.nothing_lost,
        danger.lost_which,
        money.not_paid,
        danger.still_on,
        people.may_hurt_self,
        people.stay_close,
        people.close_with_somebody,
        people.close_alone,
        people.close_relieved,
        people.annoyed,
        people.all_right,
        people.leave_me_alone,
        people.message_again,
        ordinary.ask_banking,
        ordinary.change_language,
        ordinary.greet,
        ordinary.goodbye,
        ordinary.thank,
        ordinary.small_talk,
        ordinary.who_are_you,
        ordinary.not_understood,
        telling.which_help,
        learning.ask_lesson,
        learning.ask_quiz,
        learning.quiz_answer,
        learning.quiz_unclear,
        learning.quiz_left,
        learning.lesson_over,
        learning.note_learned,
        learning.not_noted,
    )
}
