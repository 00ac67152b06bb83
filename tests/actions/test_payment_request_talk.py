"""The accountant's check of a payment request: signs, three questions at most, never "safe"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from actions.base import and_back_to_the_payment, and_back_to_the_request
from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from bot.casework.contacts import identify
from bot.casework.models import OutboxMessage, PaymentRequest
from bot.counsel.phrases import button_of, phrases
from bot.counsel.replies import TOPICS, Reply
from bot.links import Links
from tests.actions.builders import EVENING, told_turn

FALSE = {
    "en": "Please check: the boss wrote on WhatsApp to pay 480,000 to Hongda Trading Ltd today",
    "zh": "帮我看看：老板微信上让我今天付48万给宏达贸易有限公司",
}
PLAIN = {"en": "Can you check a payment request for me", "zh": "帮我核实一下这笔付款要求"}
CLEAR = {
    "en": "same account as always, we went through the usual approval, I can ring them",
    "zh": "还是原来的账户，走了审批，能联系到本人",
}


class Talk:
    """One accountant talks with the actions as Rasa would call them."""

    def __init__(
        self, services: Services, *, language: str, customer: str | None = "C-1001"
    ) -> None:
        self.services, self.language = services, language
        self.asked, self.missed = "", False
        self.questions: list[str] = []
        if customer:
            with services.sessions.begin() as session:
                identify(session, "web:c1", customer, EVENING)

    def say(self, text: str, intent: str = "out_of_scope") -> Reply:
        values: dict[str, Any] = {"intent": intent, "asked": self.asked, "button": button_of(text)}
        values |= {"missed": self.missed, "language": self.language}
        one = told_turn(self.services, text, **values)
        self.situation = attend(self.services, one, topic=topic_of(intent, one))
        self.topic = self.situation.topic
        reply = and_back_to_the_payment(self.situation, TOPICS[self.topic](self.situation))
        reply = and_back_to_the_request(self.situation, reply)
        self.asked, self.missed = reply.asked, reply.missed
        if reply.asked.startswith("request_"):
            self.questions.append(reply.asked.removeprefix("request_"))
        self.words = "\n".join(speech.text for speech in reply.speeches)
        return reply

    def request(self) -> PaymentRequest:
        with self.services.sessions() as session:
            return session.scalars(select(PaymentRequest).order_by(PaymentRequest.id)).all()[-1]

    def signs(self) -> set[str]:
        return {one["sign"] for one in self.request().signs}


def said(language: str, key: str, **fields: str) -> str:
    return phrases(language).say(key, **fields)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_told_is_read_and_not_asked(services: Services, language: str) -> None:
    talk = Talk(services, language=language)
    talk.say(FALSE[language], "ask_check_payment")
    request = talk.request()
    assert (request.asker, request.amount, request.currency) == ("boss", Decimal(480_000), "CNY")
    assert "Hongda" in (request.payee_name or "") or "宏达" in (request.payee_name or "")
    assert talk.signs() >= {"unusual_way", "urgent"}
    assert said(language, "request_start") in talk.words
    assert talk.questions == ["account"]
    while talk.asked:
        if not talk.asked.startswith("request_"):
            break
        talk.say(phrases(language).buttons["deny"], "deny")
    assert "way" not in talk.questions, "It was told how the request came."


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("answer", ["affirm", "deny", "dont_know"])
def test_three_questions_at_most_and_then_the_three_steps(
    services: Services, language: str, answer: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(PLAIN[language], "ask_check_payment")
    for _ in range(3):
        assert talk.asked.startswith("request_")
        talk.say(phrases(language).buttons[answer], answer)
    assert talk.questions == ["account", "callback", "approval"]
    assert not talk.asked.startswith("request_")
    assert said(language, "request_steps") in talk.words
    assert said(language, "request_boss") in talk.words
    assert talk.request().judged is not None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_signs_are_quoted_with_the_reason(services: Services, language: str) -> None:
    talk = Talk(services, language=language)
    text = {
        "en": "Check this: pay 90,000 into his private account, keep it confidential, "
        "he is in a meeting and the approval follows later",
        "zh": "帮我看看：付九万到一个个人账户，要保密，他在开会，审批后补",
    }[language]
    talk.say(text, "ask_check_payment")
    assert talk.signs() == {"private_account", "secrecy", "no_callback", "approval_skipped"}
    assert talk.asked != "request_account", "Four signs are enough; nothing more is asked."
    assert said(language, "sign_private_account") in talk.words
    quote = {"en": "keep it confidential", "zh": "要保密"}[language]
    assert quote in talk.words
    assert said(language, "request_steps") in talk.words


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_seen_is_never_called_safe(services: Services, language: str) -> None:
    talk = Talk(services, language=language)
    talk.say(PLAIN[language] + ", " + CLEAR[language], "ask_check_payment")
    while talk.asked.startswith("request_"):
        talk.say(phrases(language).buttons["affirm"], "affirm")
    assert talk.signs() == set()
    assert said(language, "request_clear") in talk.words
    assert said(language, "request_steps") in talk.words
    assert "safe" not in talk.words
    assert "安全" not in talk.words
    assert talk.asked == "", "Nobody of the company is alarmed where nothing was seen."


@pytest.mark.parametrize(
    ("language", "answer", "intent", "sign", "there"),
    [
        ("en", "no, we have never paid them", "deny", "new_account", True),
        ("en", "I haven't paid this account before", "out_of_scope", "new_account", True),
        ("en", "we have paid them for years", "has_paid", "new_account", False),
        ("en", "yes", "affirm", "new_account", False),
        ("en", "it's a new one, changed last week", "tell_of_call", "new_account", True),
        ("zh", "没付过，第一次", "deny", "new_account", True),
        ("zh", "以前每个月都付过", "has_paid", "new_account", False),
        ("zh", "付过的", "has_paid", "new_account", False),
        ("zh", "从来没有转过", "nlu_fallback", "new_account", True),
    ],
)
def test_answer_may_be_typed(
    services: Services, language: str, answer: str, intent: str, sign: str, there: bool
) -> None:
    talk = Talk(services, language=language)
    talk.say(PLAIN[language], "ask_check_payment")
    assert talk.asked == "request_account"
    talk.say(answer, intent)
    request = talk.request()
    assert (sign in talk.signs(), sign in request.absent) == (there, not there)
    assert talk.asked == "request_callback"


def test_answer_that_cannot_be_read_is_asked_once_more_and_then_left(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(PLAIN["en"], "ask_check_payment")
    talk.say("purple elephants", "out_of_scope")
    assert talk.asked == "request_account"
    assert said("en", "request_not_read") in talk.words
    talk.say("purple elephants", "out_of_scope")
    assert talk.asked == "request_callback"


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("he is on the phone with me right now and wont let me hang up", "on_the_phone", None),
        ("I gave him the code", "gave_secret", "gave_secret"),
        ("I have just sent the 480,000", "has_paid", "has_paid"),
        ("get me a person", "ask_person", "ask_person"),
        ("I want to die", "may_hurt_self", "may_hurt_self"),
    ],
)
def test_danger_interrupts_the_questions(
    services: Services, text: str, intent: str, topic: str | None
) -> None:
    talk = Talk(services, language="en")
    talk.say(FALSE["en"], "ask_check_payment")
    assert talk.asked == "request_account"
    one = told_turn(services, text, intent=intent, asked=talk.asked)
    if topic == "may_hurt_self":
        one = replace(one, crisis="now")
    assert topic_of(intent, one) == (topic or intent)


def test_check_comes_back_after_an_interruption(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(FALSE["en"], "ask_check_payment")
    talk.say("how does online banking work", "ask_banking")
    assert talk.topic == "payment_request_told" or talk.asked == "request_account"
    talk.asked = ""
    talk.say("thank you", "thank")
    assert talk.asked == "request_account", "The check goes on where it stood."


def test_money_that_left_ends_the_check(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(FALSE["en"], "ask_check_payment")
    talk.say("I have already sent the 480,000 to them", "has_paid")
    assert talk.topic == "has_paid"
    assert talk.request().judged is not None
    assert not talk.asked.startswith("request_")


def test_second_request_is_a_record_of_its_own(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(FALSE["en"], "ask_check_payment")
    while talk.asked.startswith("request_"):
        talk.say("I don't know", "dont_know")
    first = talk.request()
    talk.asked = ""
    talk.say(
        "Please check another one: invoice of 7,200 from our printer shop", "ask_check_payment"
    )
    assert talk.request().id != first.id
    assert talk.request().amount == Decimal(7_200)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_page_for_the_signer_is_offered_as_a_signed_link(services: Services, language: str) -> None:
    links = Links(key="k" * 32, base_url="https://chat.bank.example", now=lambda: EVENING)
    talk = Talk(replace(services, links=links), language=language)
    reply = talk.say(FALSE[language], "ask_check_payment")
    while talk.asked.startswith("request_"):
        reply = talk.say(phrases(language).buttons["deny"], "deny")
    [address] = [speech.link for speech in reply.speeches if speech.link]
    kind, token = address.removeprefix("https://chat.bank.example/").split("/")
    assert kind == "note"
    request = talk.request()
    assert links.read("note", token) == {"case": request.case_id, "request": request.id}
    assert talk.asked == "representative", "With his yes, the legal representative is told."
    talk.say(phrases(language).buttons["affirm"], "affirm")
    with services.sessions() as session:
        owed = session.scalars(select(OutboxMessage)).all()
    [link] = [one for row in owed for one in row.body.get("links", ()) if one["kind"] == "note"]
    assert link["request"] == request.id


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("en", "I have to, the boss is waiting", "about_to_pay"),
        ("en", "the boss will fire me if I don't pay", "doubts_us"),
        ("zh", "不行，老板在等着呢", "about_to_pay"),
        ("zh", "领导一直催，我不敢不付", "doubts_us"),
        ("zh", "王总催得很急，必须马上转", "about_to_pay"),
    ],
)
def test_waiting_boss_is_answered_with_words_for_the_boss(
    services: Services, language: str, text: str, intent: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(FALSE[language], "ask_check_payment")
    talk.say(text, intent)
    assert talk.topic == "boss_waits"
    assert said(language, "company_waiting") in talk.words
    assert said(language, "company_witness") in talk.words


@pytest.mark.parametrize(
    ("customer", "there"), [("C-1001", True), ("C-2001", False), (None, False)]
)
def test_companys_customers_hear_of_call_back_second_signer_and_hold(
    services: Services, customer: str | None, there: bool
) -> None:
    talk = Talk(services, language="en", customer=customer)
    talk.say(
        "A man from the card centre says I owe 380,000 and the bank will sue me today. "
        "He says I must pay now to be safe.",
        "tell_of_call",
    )
    assert (said("en", "company_steps") in talk.words) is there
    talk.asked = ""
    talk.say("I am going to pay him now", "about_to_pay")
    assert (said("en", "company_steps") in talk.words) is there


def test_visitor_who_tells_of_a_false_boss_hears_it_too(services: Services) -> None:
    talk = Talk(services, language="en", customer=None)
    talk.say(
        "The director wrote from a new WhatsApp number, a confidential takeover, and wants me to "
        "wire 600,000 to Hong Kong today before the paperwork",
        "tell_of_call",
    )
    assert said("en", "company_steps") in talk.words


def test_failed_store_still_gives_the_three_steps(services: Services) -> None:
    situation = attend(services, told_turn(services, FALSE["en"]), topic="ask_check_payment")
    reply = TOPICS["ask_check_payment"](replace(situation, request=None, failed=True))
    words = "\n".join(speech.text for speech in reply.speeches)
    assert said("en", "request_steps") in words
