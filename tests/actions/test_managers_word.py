"""Is it really my manager? What is said, in which situation, and what is never said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from actions.turn import Turn
from bot.casework.contacts import identify
from bot.casework.identity import MOST_AN_HOUR, WordKeeper, live_word
from bot.casework.models import AccountManager, Case, Escalation, Evidence
from bot.counsel.phrases import phrases
from bot.counsel.replies import TOPICS, Reply
from tests.actions.builders import EVENING, told_turn, turn

ASKS = turn("is this really my manager on the phone", intent="ask_is_it_manager")
KEEPER = WordKeeper("a" * 43)


@pytest.fixture
def known(services: Services) -> Services:
    """Services for an identified customer."""
    with services.sessions.begin() as session:
        identify(session, "web:c1", "C-2001", EVENING)
    return replace(services, words=KEEPER)


def answered(services: Services, one: Turn, topic: str) -> Reply:
    situation = attend(services, one, topic=topic)
    return TOPICS[situation.topic](situation)


def words_of(reply: Reply) -> str:
    return "\n".join(speech.text for speech in reply.speeches)


def shown_words(reply: Reply) -> str:
    return reply.speeches[0].text.partition("two words: ")[2].partition(".")[0]


def test_customer_gets_two_words_and_his_manager_is_asked(known: Services) -> None:
    reply = answered(known, ASKS, "ask_is_it_manager")
    assert " · " in shown_words(reply)
    assert "until 20:15" in words_of(reply)
    assert "I have asked Grace Lin" in words_of(reply)
    assert "Nobody there has opened it yet" in words_of(reply)
    with known.sessions() as session:
        case = session.scalars(select(Case)).one()
        assert case.exposure == "contacted"
        assert [e.reason for e in case.escalations] == ["asks_if_it_is_manager"]


def test_managers_page_has_the_words_of_the_chat(known: Services) -> None:
    chat = shown_words(answered(known, ASKS, "ask_is_it_manager"))
    with known.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        grace = session.scalars(select(AccountManager).where(AccountManager.code == "M-02")).one()
        pair = KEEPER.show(session, case, to=grace, now=EVENING)
    assert pair is not None
    assert chat == " · ".join(pair.things)


def test_visitor_gets_no_word_and_nobody_is_asked_for_him(services: Services) -> None:
    reply = answered(replace(services, words=KEEPER), ASKS, "ask_is_it_manager")
    assert "I don't know who your account manager is" in words_of(reply)
    assert " · " not in words_of(reply)
    with services.sessions() as session:
        assert session.scalars(select(Escalation)).all() == []


@pytest.mark.parametrize("told", ["he can see my screen", "I gave him the password"])
def test_no_word_is_shown_where_the_caller_may_read_along(known: Services, told: str) -> None:
    answered(known, told_turn(known, told), "tell_of_call")
    reply = answered(known, ASKS, "ask_is_it_manager")
    assert "may see what is on your screen" in words_of(reply)
    assert " · " not in words_of(reply)


def test_too_many_questions_get_the_counsel_without_a_word(known: Services) -> None:
    for _ in range(MOST_AN_HOUR):
        assert "two words:" in words_of(answered(known, ASKS, "ask_is_it_manager"))
    reply = answered(known, ASKS, "ask_is_it_manager")
    assert "many words in one hour" in words_of(reply)


def test_without_a_key_the_way_that_always_works_is_told(known: Services) -> None:
    reply = answered(replace(known, words=None), ASKS, "ask_is_it_manager")
    assert "the way that always works" in words_of(reply)


@pytest.mark.parametrize("right", [True, False])
def test_nobody_learns_from_us_whether_the_callers_words_are_right(
    known: Services, right: bool
) -> None:
    chat = shown_words(answered(known, ASKS, "ask_is_it_manager"))
    heard = chat.replace(" · ", " ") if right else "lantern umbrella"
    said = turn(f"he says it is {heard}", asked="managers_word")
    topic = topic_of("tell_of_call", said)
    assert topic == "managers_word_compare"
    reply = answered(known, said, topic)
    assert words_of(reply) == phrases("en").say("identity_compare", **known.bank.fields("en"))


@pytest.mark.parametrize("right", [True, False])
def test_no_evidence_keeps_the_words_right_or_wrong(known: Services, right: bool) -> None:
    chat = shown_words(answered(known, ASKS, "ask_is_it_manager"))
    heard = chat.replace(" · ", " ") if right else "lantern umbrella"
    text = f"he says move your money to a safe account, {heard} and tell nobody at the bank"
    said = told_turn(known, text, asked="managers_word")
    assert topic_of("tell_of_call", said) == "tell_of_call"
    reply = answered(known, said, "tell_of_call")
    with known.sessions() as session:
        quotes = [row.quote for row in session.scalars(select(Evidence))]
    assert quotes
    assert not [text for text in (*quotes, words_of(reply)) if heard in text]


def test_the_truth_about_who_opened_the_page_and_nothing_else(known: Services) -> None:
    assert "no words that are good" in words_of(answered(known, ASKS, "managers_word_seen"))
    answered(known, ASKS, "ask_is_it_manager")
    assert "Nobody at the bank has opened" in words_of(answered(known, ASKS, "managers_word_seen"))
    with known.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        grace = session.scalars(select(AccountManager).where(AccountManager.code == "M-02")).one()
        KEEPER.show(session, case, to=grace, now=EVENING + timedelta(minutes=6))
    reply = answered(known, ASKS, "managers_word_seen")
    assert "Grace Lin opened our page with the two words at 20:06" in words_of(reply)


@pytest.mark.parametrize("topic", ["managers_word_said", "managers_word_differs"])
def test_words_are_good_once(known: Services, topic: str) -> None:
    answered(known, ASKS, "ask_is_it_manager")
    answered(known, ASKS, topic)
    with known.sessions() as session:
        case = session.scalars(select(Case)).one()
        assert live_word(session, case, now=EVENING) is None


def test_who_knew_the_words_must_still_keep_the_rules(known: Services) -> None:
    answered(known, ASKS, "ask_is_it_manager")
    reply = words_of(answered(known, ASKS, "managers_word_said"))
    assert "no password, no code, no payment" in reply


def test_caller_who_could_not_say_them_is_a_danger_of_which_people_are_told(
    known: Services,
) -> None:
    answered(known, ASKS, "ask_is_it_manager")
    reply = answered(known, ASKS, "managers_word_differs")
    assert reply.asked == "hung_up_yet"
    with known.sessions() as session:
        assert session.scalars(select(Case)).one().exposure == "engaged"


def test_broken_store_is_owned_up_to(known: Services) -> None:
    situation = attend(known, ASKS, topic="ask_is_it_manager")
    reply = TOPICS["ask_is_it_manager"](replace(situation, failed=True, told=None, word=None))
    assert "nobody has been told yet" in words_of(reply)
    assert "two words:" not in words_of(reply)


@pytest.mark.parametrize(
    ("text", "intent", "asked", "topic"),
    [
        ("yes", "affirm", "managers_word", "managers_word_said"),
        ("no", "deny", "managers_word", "managers_word_differs"),
        ("don't know", "dont_know", "managers_word", "managers_word_compare"),
        ("he knew both words", "is_fine", "", "managers_word_said"),
        ("the words were right", "is_fine", "", "managers_word_said"),
        ("he could not say the words", "tell_of_call", "", "managers_word_differs"),
        ("he wants me to tell him the two words", "tell_of_call", "", "managers_word_differs"),
        ("wrong words", "not_understood", "managers_word", "managers_word_differs"),
        ("he says it's apple forest", "tell_of_call", "managers_word", "managers_word_compare"),
        ("are those the right words?", "ask_if_told", "managers_word", "managers_word_compare"),
        ("has he seen it?", "ask_if_told", "managers_word", "managers_word_seen"),
        ("has my manager seen it?", "ask_if_told", "", "ask_if_told"),
        ("banana lantern", "not_understood", "managers_word", "managers_word_compare"),
        ("banana lantern", "not_understood", "", "not_understood"),
        ("he says it is a tax matter", "tell_of_call", "", "tell_of_call"),
        ("他说是公安局的", "tell_of_call", "", "tell_of_call"),
        ("他说不出暗语", "tell_of_call", "", "managers_word_differs"),
        ("他把两个暗语都说对了，暗语都对", "is_fine", "", "managers_word_said"),
        ("他问我暗语是什么", "tell_of_call", "", "managers_word_differs"),
        ("他说的暗语是苹果森林", "tell_of_call", "managers_word", "managers_word_compare"),
        ("经理看到暗语了吗", "ask_if_told", "", "managers_word_seen"),
        ("I gave him the code, he knew both words", "gave_secret", "", "gave_secret"),
        ("ok", "greet", "managers_word", "greet"),
    ],
)
def test_what_is_said_of_the_words_is_understood(
    text: str, intent: str, asked: str, topic: str
) -> None:
    assert (
        topic_of(
            intent if intent not in ("affirm", "deny", "dont_know") else "take_answer",
            turn(text, intent=intent, asked=asked),
        )
        == topic
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("button", ["word_said", "word_differs", "word_seen"])
def test_buttons_mean_what_they_say(language: str, button: str) -> None:
    title = phrases(language).buttons[button]
    wanted = {"word_said": "said", "word_differs": "differs", "word_seen": "seen"}[button]
    assert topic_of("tell_of_call", turn(title, button=button)) == f"managers_word_{wanted}"
