"""Lessons and quizzes in the talk: plain answers only, no evidence, noted with consent alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from rasa_sdk import Tracker
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from actions.casefile import attend
from actions.services import Services
from actions.teaching import taught
from actions.topics import topic_of
from actions.turn import read_turn
from bot.casework.contacts import identify
from bot.casework.education import education_of
from bot.casework.models import Case, Education
from bot.counsel.phrases import button_of, phrases
from bot.counsel.replies import TOPICS, Reply
from bot.education import place_of, script_ids, title_of
from tests.actions.builders import EVENING, TELLING, turn

CUSTOMER = "C-2002"


@dataclass
class Talk:
    """A talk as the actions see it, message by message."""

    services: Services
    language: str = "en"
    asked: str = ""
    topic: str = ""
    words: list[str] = field(default_factory=list)

    def say(self, text: str, intent: str = "out_of_scope") -> Reply:
        """Say something; an intent of the talk's own rules decides which action is asked."""
        assessment = self.services.recogniser.assess(text, language=self.language).to_dict()
        one = turn(
            text,
            intent=intent,
            asked=self.asked,
            language=self.language,
            assessment=assessment,
            button=button_of(text),
        )
        wanted = {"out_of_scope": "not_understood", "nlu_fallback": "not_understood"}
        bare = dict.fromkeys(("affirm", "deny", "dont_know"), "take_answer")
        topic = topic_of({**wanted, **bare}.get(intent, intent), one)
        situation = taught(self.services, one, attend(self.services, one, topic=topic))
        reply = TOPICS[situation.topic](situation)
        self.asked, self.topic = reply.asked, situation.topic
        self.words = [speech.text for speech in reply.speeches]
        return reply

    @property
    def right(self) -> str:
        """The letter of the right answer to the question that is open."""
        place = place_of(self.asked)
        assert place is not None
        return place.question.letter


def known_customer(services: Services) -> None:
    with services.sessions.begin() as session:
        identify(session, "web:c1", CUSTOMER, EVENING)


def learned(services: Services) -> list[Education]:
    with services.sessions() as session:
        return education_of(session, CUSTOMER)


@pytest.mark.parametrize(
    ("language", "asks", "script_id"),
    [
        ("en", "teach me about refunds", "refund_service"),
        ("zh", "讲讲冒充老板的骗术", "boss_impersonation"),
    ],
)
def test_scam_that_is_named_is_taught_and_a_quiz_offered(
    services: Services, language: str, asks: str, script_id: str
) -> None:
    talk = Talk(services, language)
    reply = talk.say(asks, "ask_lesson")
    assert title_of(script_id, language) in talk.words[0]
    assert len(reply.speeches) == 6
    assert talk.asked == f"quiz_offer:{script_id}"


def test_without_a_name_four_scams_are_offered_and_a_letter_or_a_name_chooses(
    services: Services,
) -> None:
    talk = Talk(services)
    reply = talk.say("teach me something", "ask_lesson")
    assert reply.speeches[0].buttons == ("A", "B", "C", "D")
    offered = talk.asked.removeprefix("pick_lesson:").split(",")
    assert len(set(offered)) == 4
    other = replace(talk)
    talk.say("b")
    assert talk.asked == f"quiz_offer:{offered[1]}"
    other.say("the lottery one")
    assert other.asked == "quiz_offer:prize_lottery"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_quiz_asks_three_questions_and_says_why_without_a_mark(
    services: Services, language: str
) -> None:
    talk = Talk(services, language)
    talk.say({"en": "quiz me on romance scams", "zh": "考考我杀猪盘"}[language], "ask_quiz")
    for number in range(3):
        place = place_of(talk.asked)
        assert place is not None
        assert place.number == number
        talk.say(talk.right)
        assert talk.topic == "quiz_answer"
        assert place.question.reason in talk.words[0]
    assert talk.words[-1] == phrases(language).say("quiz_done")
    assert talk.asked == ""


def test_wrong_answer_is_told_the_right_one_kindly(services: Services) -> None:
    talk = Talk(services)
    talk.say("quiz me on refunds", "ask_quiz")
    right = talk.right
    talk.say(next(letter for letter in "ABC" if letter != right))
    assert talk.words[0].startswith(f"Here it is {right}.")


@pytest.mark.parametrize("text", ["{}", "{}.", "answer {}", "i think {}", "选{}", "我选{}"])
def test_answer_counts_by_letter_however_it_is_typed(services: Services, text: str) -> None:
    talk = Talk(services)
    talk.say("quiz me on refunds", "ask_quiz")
    talk.say(text.format(talk.right.lower()))
    assert talk.words[0].startswith("Yes,")


def test_answer_counts_in_its_own_words_and_by_its_place(services: Services) -> None:
    talk = Talk(services)
    talk.say("quiz me on refunds", "ask_quiz")
    place = place_of(talk.asked)
    assert place is not None
    answer = place.question.answers[place.question.right]
    other = replace(talk)
    talk.say(answer, "tell_of_call")
    assert talk.words[0].startswith("Yes,")
    other.say(f"the {('first', 'second', 'third')[place.question.right]} one")
    assert other.words[0].startswith("Yes,")


def test_quiz_goes_on_after_a_dont_know_and_asks_again_after_a_bare_yes(
    services: Services,
) -> None:
    talk = Talk(services)
    talk.say("quiz me on refunds", "ask_quiz")
    first = talk.asked
    talk.say("yes", "affirm")
    assert talk.asked == first
    talk.say("I don't know", "dont_know")
    place = place_of(talk.asked)
    assert place is not None
    assert place.number == 1


@pytest.mark.parametrize(
    "word", ["stop", "Stop here", "That's enough", "停", "先到这里吧", "不做了"]
)
def test_quiz_can_be_left_at_any_time_and_stops_no_messages(services: Services, word: str) -> None:
    talk = Talk(services)
    talk.say("quiz me on refunds", "ask_quiz")
    talk.say(word, "leave_me_alone")
    assert (talk.topic, talk.asked) == ("quiz_left", "")


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("he is on the phone with me right now", "on_the_phone", "on_the_phone"),
        ("I have just sent them 5,000", "has_paid", "has_paid"),
        ("I gave them the code", "gave_secret", "gave_secret"),
        ("can I talk to a person", "ask_person", "ask_person"),
        (TELLING, "tell_of_call", "tell_of_call"),
    ],
)
@pytest.mark.parametrize("where", ["quiz", "offer", "choice", "consent"])
def test_danger_wins_over_any_lesson(
    services: Services, text: str, intent: str, topic: str, where: str
) -> None:
    asked = {
        "quiz": "quiz:en:refund_service:7:1",
        "offer": "quiz_offer:refund_service",
        "choice": "pick_quiz:romance,investment,job_fee,loan_fee",
        "consent": "note:refund_service:quiz",
    }
    known_customer(services)
    talk = Talk(services, asked=asked[where])
    talk.say(text, intent)
    assert talk.topic == topic
    assert learned(services) == []


def test_despair_wins_over_a_quiz() -> None:
    one = turn("I want to die", asked="quiz:en:refund_service:7:1", crisis="now")
    assert topic_of("ask_quiz", one) == "may_hurt_self"


def test_wish_to_learn_that_tells_of_danger_is_a_story(services: Services) -> None:
    talk = Talk(services)
    talk.say(
        "teach me what to do: the police officer has me on the line, I must not hang up, and my "
        "savings have to be moved to a safe account today",
        "ask_lesson",
    )
    assert talk.topic == "tell_of_call"


@pytest.mark.parametrize("script_id", ["refund_service", "police_impersonation", "safe_account"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_quiz_is_never_evidence(services: Services, script_id: str, language: str) -> None:
    talk = Talk(services, language, asked="")
    for seed in range(4):
        for number in range(3):
            asked = f"quiz:{language}:{script_id}:{seed}:{number}"
            place = place_of(asked)
            assert place is not None
            for answer in place.question.answers:
                talk.asked = asked
                talk.say(answer, "tell_of_call")
                assert talk.topic == "quiz_answer"
    with services.sessions() as session:
        assert session.scalars(select(Case)).all() == []


def test_quiz_leaves_an_open_case_as_it_is(services: Services) -> None:
    talk = Talk(services)
    talk.say("A man says a parcel in my name was seized at customs.", "tell_of_call")
    before = standing(services)
    talk.asked = "quiz:en:safe_account:3:2"
    place = place_of(talk.asked)
    assert place is not None
    talk.say(place.question.answers[0], "tell_of_call")
    talk.say("teach me how fake police get people to move money to a safe account", "ask_lesson")
    assert standing(services) == before


def standing(services: Services) -> list[tuple[Any, ...]]:
    with services.sessions() as session:
        return [
            (case.level, case.exposure, case.score, case.leading_script, len(case.evidence))
            for case in session.scalars(select(Case))
        ]


def test_answers_of_a_quiz_are_not_told_again_later() -> None:
    answer = "quiz:en:refund_service:7:2"
    place = place_of(answer)
    assert place is not None
    quoted = place.question.answers[0]
    events: list[dict[str, Any]] = [
        {"event": "slot", "name": "asked", "value": answer},
        said(quoted, "tell_of_call"),
        {"event": "slot", "name": "asked", "value": None},
        said(TELLING, "tell_of_call"),
        said("and now?", "ask_what_next"),
    ]
    tracker = Tracker("web:c1", {}, {"text": "and now?"}, events, False, None, {}, "action_listen")
    assert read_turn(tracker).earlier == (TELLING,)


def said(text: str, intent: str) -> dict[str, Any]:
    return {"event": "user", "text": text, "parse_data": {"intent": {"name": intent}}}


def through_the_quiz(talk: Talk) -> None:
    talk.say("quiz me on refunds", "ask_quiz")
    for _ in range(3):
        talk.say(talk.right)


def test_visitor_is_not_asked_whether_it_may_be_noted(services: Services) -> None:
    talk = Talk(services)
    through_the_quiz(talk)
    assert talk.asked == ""


def test_identified_customers_yes_is_recorded_with_its_moment(services: Services) -> None:
    known_customer(services)
    talk = Talk(services)
    through_the_quiz(talk)
    assert talk.asked == "note:refund_service:quiz"
    talk.say("Yes", "affirm")
    [row] = learned(services)
    assert (row.topic, row.how, row.account_manager_id) == ("refund_service", "quiz", None)
    assert row.consented == EVENING
    assert "refund" in talk.words[0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("No", "deny"), ("I am not sure", "dont_know"), ("what a nice day", "small_talk")],
)
def test_anything_but_a_yes_keeps_nothing(services: Services, text: str, intent: str) -> None:
    known_customer(services)
    talk = Talk(services)
    through_the_quiz(talk)
    talk.say(text, intent)
    assert learned(services) == []


def test_lesson_alone_is_noted_after_a_yes_too(services: Services) -> None:
    known_customer(services)
    talk = Talk(services, "zh")
    talk.say("讲讲杀猪盘", "ask_lesson")
    talk.say("不是", "deny")
    assert talk.asked == "note:romance:lesson"
    talk.say("是", "affirm")
    assert [(row.topic, row.how) for row in learned(services)] == [("romance", "lesson")]


def test_what_could_not_be_kept_is_not_said_to_be_kept(services: Services) -> None:
    known_customer(services)
    talk = Talk(services)
    through_the_quiz(talk)
    one = turn("Yes", intent="affirm", asked=talk.asked, button="affirm")
    situation = attend(services, one, topic=topic_of("take_answer", one))
    with services.sessions.begin() as session:
        session.execute(Education.__table__.delete())
        session.connection().exec_driver_sql("drop table education")
    noted = taught(services, one, situation)
    assert noted.learning is not None
    assert noted.learning.noted is False
    assert "could not" in TOPICS["note_learned"](noted).speeches[0].text
    with pytest.raises(OperationalError):
        learned(services)


@pytest.mark.parametrize("intent", ["ask_lesson", "ask_quiz"])
def test_call_that_is_going_on_comes_before_any_lesson(services: Services, intent: str) -> None:
    talk = Talk(services)
    talk.say("I am about to pay. " + TELLING, "about_to_pay")
    talk.say("quiz me on refunds", intent)
    assert talk.words[0] == phrases("en").say("learn_danger")
    assert talk.asked == "sent_yet"


def test_case_without_danger_is_taught_when_no_scam_is_named(services: Services) -> None:
    talk = Talk(services)
    talk.say(
        "A recorded voice said a parcel in my name with drugs was seized at customs.",
        "tell_of_call",
    )
    with services.sessions() as session:
        [leading] = [case.leading_script for case in session.scalars(select(Case))]
    talk.say("how does that go on", "ask_lesson")
    assert leading in script_ids()
    assert talk.asked in (f"quiz_offer:{leading}", "sent_yet")


def test_scam_that_is_no_longer_taught_ends_its_quiz(services: Services) -> None:
    talk = Talk(services, asked="quiz:en:forgotten_scam:7:1")
    talk.say("A")
    assert talk.topic == "not_understood"
