"""What a message means, given what was asked; what it does to the case; who is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from sqlalchemy import select

from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from actions.turn import Turn, read_turn
from bot.casework.contacts import identify
from bot.casework.database import make_engine, session_factory
from bot.casework.models import Case, Escalation, OutboxMessage
from bot.counsel.phrases import phrases
from bot.counsel.replies import TOPICS, Situation
from tests.actions.builders import EVENING, TELLING, told_turn, turn


def attended(services: Services, one: Turn, topic: str) -> Situation:
    return attend(services, one, topic=topic)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("button", "topic"),
    [
        ("hung_up", "hung_up"),
        ("not_on", "hung_up"),
        ("not_paid", "not_paid"),
        ("nothing_given", "nothing_lost"),
        ("paid", "has_paid"),
        ("gave", "gave_secret"),
        ("person", "ask_person"),
    ],
)
def test_button_means_what_it_says_whatever_the_intent_looks_like(
    language: str, button: str, topic: str
) -> None:
    title = phrases(language).buttons[button]
    one = read_turn(_tracker(title, intent="correct"))
    assert one.button == button
    assert topic_of("correct", one) == topic


@pytest.mark.parametrize(
    ("intent", "asked", "topic"),
    [
        ("affirm", "on_phone", "on_the_phone"),
        ("deny", "on_phone", "hung_up"),
        ("affirm", "sent_yet", "has_paid"),
        ("deny", "sent_yet", "not_paid"),
        ("deny", "hung_up_yet", "still_on"),
        ("affirm", "help_check", "ask_person"),
        ("affirm", "", "which_help"),
        ("dont_know", "payment_amount", "payment_told"),
        ("affirm", "representative", "tell_representative"),
        ("deny", "representative", "all_right"),
        ("deny", "payment_caller", "payment_told"),
    ],
)
def test_bare_answer_means_what_was_asked(intent: str, asked: str, topic: str) -> None:
    assert topic_of("take_answer", turn("yes", intent=intent, asked=asked)) == topic


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback", "tell_of_call", "is_fine"])
def test_what_follows_a_question_about_the_payment_is_its_answer(intent: str) -> None:
    one = turn("80,000 at noon to Mr Gu", intent=intent, asked="payment_amount")
    assert topic_of("not_understood", one) == "payment_told"
    assert topic_of("not_understood", replace(one, asked="")) == "not_understood"


@pytest.mark.parametrize("intent", ["ask_person", "called_again", "gave_secret"])
def test_danger_and_a_cry_for_a_person_interrupt_the_questions_about_the_payment(
    intent: str,
) -> None:
    one = turn("they are ringing again", intent=intent, asked="payment_amount")
    assert topic_of(intent, one) == intent


def test_words_from_before_a_correction_are_not_read_again() -> None:
    tracker = _tracker(
        "he wants money",
        before=[("he said I am to be arrested", "tell_of_call"), ("that was wrong", "correct")],
    )
    assert read_turn(tracker).earlier == ()


def test_button_is_no_evidence(services: Services) -> None:
    attended(services, told_turn(services, TELLING), "tell_of_call")
    before = _case(services)
    title = phrases("en").buttons["not_on"]
    pressed = told_turn(services, title, button="not_on", earlier=(TELLING,))
    attended(services, pressed, "hung_up")
    after = _case(services)
    assert (after.exposure, after.evidence_count) == (before.exposure, before.evidence_count)


def test_customer_who_asks_for_a_person_again_hears_who_has_been_told(services: Services) -> None:
    attended(services, told_turn(services, TELLING), "tell_of_call")
    attended(services, turn("a person please"), "ask_person")
    again = TOPICS["ask_person"](attended(services, turn("a person please"), "ask_person"))
    words = "\n".join(speech.text for speech in again.speeches)
    assert "has been told of this already" in words
    assert again.speeches[0].card
    assert _count(services, Escalation) == 1


def test_customer_who_has_paid_is_not_asked_whether_he_has_paid(services: Services) -> None:
    attended(services, turn("I have paid"), "has_paid")
    reply = TOPICS["tell_of_call"](attended(services, told_turn(services, TELLING), "tell_of_call"))
    assert reply.asked == "payment_amount"
    assert reply.speeches[-1].text == phrases("en").say("paid_ask_amount")


def test_visitors_case_is_told_to_the_duty_desk_in_the_transaction_of_the_case(
    services: Services,
) -> None:
    situation = attended(services, turn("I have paid"), "has_paid")
    assert situation.told is not None
    assert situation.told.card["kind"] == "duty_desk"
    assert situation.manager is None
    with services.sessions() as session:
        recipients = {message.recipient for message in session.scalars(select(OutboxMessage))}
    assert recipients == {"D-01", "OPS"}


def test_identified_customers_case_is_told_to_his_own_account_manager(services: Services) -> None:
    with services.sessions.begin() as session:
        identify(session, "web:c1", "C-2001", EVENING)
    situation = attended(services, turn("I have paid"), "has_paid")
    assert situation.told is not None
    assert situation.told.card["name"] == "Grace Lin"
    assert situation.manager == "Grace Lin"


def test_broken_store_costs_the_case_but_not_the_counsel(
    tmp_path: Path, services: Services
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    broken = replace(services, sessions=session_factory(engine))
    situation = attended(broken, told_turn(services, TELLING), "has_paid")
    engine.dispose()
    assert situation.failed
    assert situation.told is None
    assert situation.level == "scam"
    assert situation.script is not None


def test_action_server_starts_and_counsels_while_the_store_is_away(services: Services) -> None:
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    away = replace(services, sessions=session_factory(engine))
    away.warm_up()
    situation = attended(away, turn("I have paid"), "has_paid")
    engine.dispose()
    assert situation.failed


def test_nobody_is_offered_while_nobody_can_be_reached(tmp_path: Path, services: Services) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    broken = replace(services, sessions=session_factory(engine))
    situation = attended(broken, told_turn(services, TELLING), "tell_of_call")
    engine.dispose()
    words = "\n".join(speech.text for speech in TOPICS["tell_of_call"](situation).speeches)
    assert "nobody has been told yet" in words
    assert "I can ask" not in words


@pytest.mark.parametrize("topic", ["ask_banking", "is_fine", "not_understood", "which_help"])
def test_harmless_topic_opens_no_case(services: Services, topic: str) -> None:
    situation = attended(services, turn("What does a transfer cost?"), topic)
    assert situation.told is None
    assert _count(services, Case) == 0


def _tracker(text: str, *, intent: str = "tell_of_call", before: Any = ()) -> Tracker:
    said = [*before, (text, intent)]
    events = [
        {"event": "user", "text": words, "parse_data": {"intent": {"name": name}}}
        for words, name in said
    ]
    message = {"text": text, "intent": {"name": intent}}
    slots = {"language": "en", "asked": None, "misses": 0}
    return Tracker("web:c1", slots, message, events, False, None, {}, "action_listen")


def _case(services: Services) -> Case:
    with services.sessions() as session:
        return session.scalars(select(Case)).one()


def _count(services: Services, table: Any) -> int:
    with services.sessions() as session:
        return len(session.scalars(select(table)).all())


@pytest.mark.parametrize(
    ("text", "intent", "asked", "topic"),
    [
        ("i havent sent anything", "has_paid", "payment_amount", "not_paid"),
        ("没转没转 我还没转", "correct", "payment_amount", "not_paid"),
        ("I have NOT paid anything, why do you say money left", "has_paid", "", "not_paid"),
        ("对，是我", "correct", "sent_yet", "tell_of_call"),
        ("didnt catch the name. it was a crypto thing", "correct", "payment_payee", "payment_told"),
        ("No, it was my own card", "correct", "", "correct"),
        ("别再给我发消息了", "message_again", "", "leave_me_alone"),
        ("don't text me any more", "message_again", "", "leave_me_alone"),
        ("do text me tonight", "message_again", "", "message_again"),
        ("can you stop it", "leave_me_alone", "", "annoyed"),
        ("别烦我", "leave_me_alone", "", "annoyed"),
        ("stop messaging me", "leave_me_alone", "", "leave_me_alone"),
        ("delete my data", "leave_me_alone", "", "annoyed"),
        ("千万别告诉我老板", "tell_representative", "", "not_telling"),
        ("the director approved it by email", "tell_representative", "", "tell_of_call"),
        ("tell my boss", "tell_representative", "payment_payee", "tell_representative"),
        ("at 2pm today", "small_talk", "payment_time", "payment_told"),
        ("下午", "greet", "payment_time", "payment_told"),
        ("11月24号", "goodbye", "payment_time", "payment_told"),
        ("网银", "gave_secret", "payment_channel", "payment_told"),
        ("Paid", "about_to_pay", "", "has_paid"),
        ("hit send before i thought about it", "about_to_pay", "", "has_paid"),
        ("钱没了", "not_understood", "", "has_paid"),
        ("a fake police officer made me pay", "not_understood", "", "has_paid"),
        ("我刚付了房租给房东3000", "has_paid", "", "everyday_payment"),
        ("我说错了，那张卡是我自己的", "correct", "", "correct"),
        ("邮箱地址看着是对的没什么问题", "on_the_phone", "", "tell_of_call"),
        ("text from my bank saying my card payment is overdue", "has_paid", "", "tell_of_call"),
    ],
)
def test_words_and_the_question_asked_decide_what_a_message_means(
    text: str, intent: str, asked: str, topic: str
) -> None:
    assert topic_of(intent, turn(text, intent=intent, asked=asked)) == topic


def test_after_words_of_despair_no_other_topic_is_answered() -> None:
    words = turn("i have the pills in front of me", intent="out_of_scope", crisis="lately")
    assert topic_of("not_understood", words) == "stay_close"


@pytest.mark.parametrize(
    "text",
    [
        *("I've taken pills", "i'm on the bridge", "I don't want to live any more"),
        *("我站在楼顶", "对不起孩子，我先走了", "活着没意思", "我不想活了"),
    ],
)
def test_words_of_despair_are_heard_whatever_the_intent_looks_like(text: str) -> None:
    one = read_turn(_tracker(text, intent="goodbye"))
    assert one.crisis == "now"
    assert topic_of("goodbye", one) == "may_hurt_self"


@pytest.mark.parametrize(
    "text",
    [
        *("im dying of embarrassment here lol", "will I be fired?", "my boss will kill me"),
        *("气死我了", "累死了", "我老婆会杀了我", "没什么，就想找人"),
    ],
)
def test_figure_of_speech_is_no_despair(text: str) -> None:
    one = read_turn(_tracker(text, intent="may_hurt_self"))
    assert one.crisis == ""
    assert topic_of("may_hurt_self", one) != "may_hurt_self"


def test_after_despair_a_payment_still_counts_and_a_word_of_relief_is_believed() -> None:
    before = [("I want to die", "may_hurt_self")]
    near = read_turn(_tracker("what is the weather", intent="small_talk", before=before))
    assert topic_of("small_talk", near) == "stay_close"
    paid = read_turn(_tracker("I sent them $700 an hour ago", intent="has_paid", before=before))
    assert topic_of("has_paid", paid) == "has_paid"
    calm = read_turn(_tracker("I'm not suicidal, I was joking", intent="deny", before=before))
    assert topic_of("take_answer", calm) == "close_relieved"
    later = [*before, *[("he rang again", "tell_of_call")] * 4]
    assert read_turn(_tracker("he rang again", before=later)).crisis == ""


@pytest.mark.parametrize(("left", "asked"), [(True, ""), (False, "sent_yet")])
def test_a_question_that_the_customer_left_is_not_answered_by_a_bare_yes(
    left: bool, asked: str
) -> None:
    said = {"event": "user", "text": "yes", "metadata": {"question_left": True} if left else {}}
    state = _tracker("yes", intent="affirm")
    tracker = Tracker(
        state.sender_id,
        {**state.slots, "asked": "sent_yet"},
        state.latest_message,
        [said, {"event": "slot", "name": "language", "value": "en"}],
        *(False, None, {}, None),
    )
    one = read_turn(tracker)
    assert one.asked == asked
    assert (topic_of("which_help", one) == "has_paid") is not left
