"""The talk about a payment: five questions at most, none of them answered, all of them mendable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from bot.casework.contacts import identify
from bot.casework.models import Case, OutboxMessage, Payment
from bot.casework.payments import QUESTIONS
from bot.counsel.phrases import button_of, phrases
from bot.counsel.replies import TOPICS, Reply
from bot.links import Links
from tests.actions.builders import EVENING, told_turn

STORIES = {
    "en": {
        "start": "I have sent it",
        "amount": "1.7 million",
        "time": "at eight this evening",
        "channel": "Company online banking",
        "payee": "to Hongda Trading",
        "caller": "They hung up",
        "all": "I sent 1.7 million at eight to Hongda Trading by company netbank, he hung up",
        "unknown": "I don't know",
        "wrong": "no, it was 17,000",
    },
    "zh": {
        "start": "我已经转了",
        "amount": "一百七十万",
        "time": "刚才八点",
        "channel": "企业网银",
        "payee": "转给宏达贸易",
        "caller": "对方已经挂了",
        "all": "我刚才用企业网银转了170万给宏达贸易，对方已经挂了",
        "unknown": "不知道",
        "wrong": "不对，是1万7千",
    },
}


class Talk:
    """One customer talks with the actions as Rasa would call them."""

    def __init__(self, services: Services, *, language: str, customer: str = "C-1001") -> None:
        self.services, self.language = services, language
        self.asked = ""
        self.missed = False
        self.questions: list[str] = []
        with services.sessions.begin() as session:
            identify(session, "web:c1", customer, EVENING)

    def say(self, text: str, intent: str = "out_of_scope") -> Reply:
        values: dict[str, Any] = {"intent": intent, "asked": self.asked, "button": button_of(text)}
        values["missed"] = self.missed
        one = told_turn(self.services, text, language=self.language, **values)
        situation = attend(self.services, one, topic=topic_of(intent, one))
        reply = TOPICS[situation.topic](situation)
        self.asked = reply.asked
        if reply.asked.startswith("payment_"):
            self.questions.append(reply.asked.removeprefix("payment_"))
        self.words = "\n".join(speech.text for speech in reply.speeches)
        return reply

    def payment(self) -> Payment:
        return self.payments()[-1]

    def payments(self) -> list[Payment]:
        with self.services.sessions() as session:
            return list(session.scalars(select(Payment).order_by(Payment.id)).all())


@pytest.mark.parametrize("language", STORIES)
def test_five_questions_are_asked_in_order_and_then_the_warnings_come(
    services: Services, language: str
) -> None:
    story, talk = STORIES[language], Talk(services, language=language)
    talk.say(story["start"], "has_paid")
    assert phrases(language).say("paid_first", **services.bank.fields(language)) in talk.words
    for question in QUESTIONS:
        assert talk.asked == f"payment_{question}"
        talk.say(story[question])
    assert talk.questions == list(QUESTIONS)
    payment = talk.payment()
    assert (payment.amount, payment.currency) == (Decimal(1_700_000), "CNY")
    assert payment.submitted == EVENING
    assert payment.channel == "corporate_online"
    assert "Hongda" in payment.payee_name or "宏达" in payment.payee_name
    assert payment.caller_there is False
    assert phrases(language).say("paid_warning") in talk.words
    assert phrases(language).say("paid_witness") in talk.words


@pytest.mark.parametrize("language", STORIES)
def test_what_the_first_message_tells_is_not_asked(services: Services, language: str) -> None:
    talk = Talk(services, language=language)
    talk.say(STORIES[language]["all"], "has_paid")
    assert [q for q in talk.questions if q in ("amount", "channel", "payee", "caller")] == []
    assert "1,700,000" in talk.words, "What was understood is read back."


@pytest.mark.parametrize("language", STORIES)
def test_i_dont_know_is_an_answer_and_nothing_is_asked_twice(
    services: Services, language: str
) -> None:
    story, talk = STORIES[language], Talk(services, language=language)
    talk.say(story["start"], "has_paid")
    for _ in QUESTIONS:
        talk.say(story["unknown"], "dont_know")
    assert talk.questions == list(QUESTIONS)
    assert set(talk.payment().unknown) >= set(QUESTIONS) - {"caller"}
    assert phrases(language).say("paid_warning") in talk.words


@pytest.mark.parametrize("language", STORIES)
def test_answer_can_be_corrected_later(services: Services, language: str) -> None:
    story, talk = STORIES[language], Talk(services, language=language)
    talk.say(story["start"], "has_paid")
    talk.say(story["amount"])
    talk.say(story["time"])
    talk.say(story["wrong"], "correct")
    assert talk.payment().amount == Decimal(17_000)
    assert talk.asked == "payment_channel" or talk.asked == "payment_payee"
    assert len(talk.payments()) == 1


def test_demanded_amount_is_not_taken_for_the_one_that_was_paid(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("He said I owe 380,000 so I sent 50,000 from my account", "has_paid")
    assert talk.payment().amount == Decimal(50_000)


def test_second_payment_is_a_record_of_its_own(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(STORIES["en"]["all"], "has_paid")
    talk.asked = ""
    talk.say("They called again and I sent another 50,000", "has_paid")
    assert [payment.amount for payment in talk.payments()] == [Decimal(1_700_000), Decimal(50_000)]


def test_payment_that_was_none_is_ended(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    talk.say("sorry, I have not paid anything", "correct")
    assert talk.payment().outcome == "not_paid"


def test_caller_who_is_still_there_is_cut_off_first(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    for question in ("amount", "time", "channel", "payee"):
        talk.say(STORIES["en"][question])
    talk.say("yes, he is still on the phone", "affirm")
    assert "Hang up now" in talk.words
    assert talk.payment().caller_there is True


def test_digression_comes_back_to_the_open_question(services: Services) -> None:
    from actions.base import and_back_to_the_payment

    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    one = told_turn(services, "how can I check a debt", intent="ask_banking", asked="")
    situation = attend(services, one, topic="ask_banking")
    reply = and_back_to_the_payment(situation, TOPICS[situation.topic](situation))
    assert reply.asked == "payment_amount"


def test_companys_representative_is_offered_and_told_with_the_customers_yes(
    services: Services,
) -> None:
    talk = Talk(services, language="zh")
    talk.say(STORIES["zh"]["all"], "has_paid")
    while talk.asked.startswith("payment_"):
        talk.say("不知道", "dont_know")
    assert talk.asked == "representative"
    assert "何建国" in talk.words
    talk.say("好的", "affirm")
    assert "何建国" in talk.words
    assert talk.asked == ""


def test_payees_number_never_comes_back_whole(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    for question in ("amount", "time", "channel"):
        talk.say(STORIES["en"][question])
    talk.say("Hongda Trading, [account …2345]")
    assert talk.payment().payee_account_ending == "2345"
    assert "…2345" in talk.words


def packets(services: Services) -> list[OutboxMessage]:
    with services.sessions() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("packet:"))
        return list(session.scalars(wanted.order_by(OutboxMessage.id)))


def test_desk_gets_the_packet_with_the_first_word_of_it_and_anew_with_each_detail(
    services: Services,
) -> None:
    story, talk = STORIES["zh"], Talk(services, language="zh")
    talk.say(story["start"], "has_paid")
    [first] = packets(services)
    assert first.body["version"] == 1
    assert "amount" in first.body["packet"]["unknown"]
    for question in QUESTIONS:
        talk.say(story[question])
    [last] = packets(services)
    packet = last.body["packet"]
    assert last.body["version"] == packet["version"] == 1 + len(QUESTIONS)
    assert packet["paid"]["amount"] == "1700000.00"
    assert packet["unknown"] == ["arrival", "payee_bank", "payee_account"]


def test_nothing_new_owes_the_desk_nothing_new(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(STORIES["en"]["start"], "has_paid")
    talk.say(STORIES["en"]["unknown"], "dont_know")
    assert [message.body["version"] for message in packets(services)] == [1]


@pytest.mark.parametrize("language", STORIES)
def test_customer_hears_of_the_desk_and_gets_the_sheet_for_the_police(
    services: Services, language: str
) -> None:
    links = Links(key="k" * 32, base_url="https://chat.bank.example", now=lambda: EVENING)
    talk = Talk(replace(services, links=links), language=language)
    reply = talk.say(STORIES[language]["all"], "has_paid")
    while talk.asked.startswith("payment_"):
        reply = talk.say(STORIES[language]["unknown"], "dont_know")
    payment = talk.payment()
    with services.sessions() as session:
        reference = session.get_one(Case, payment.case_id).reference
    at_desk = phrases(language).say(
        "paid_at_desk", reference=reference, **services.bank.fields(language)
    )
    assert at_desk in talk.words
    [address] = [speech.link for speech in reply.speeches if speech.link]
    kind, token = address.removeprefix("https://chat.bank.example/").split("/")
    assert kind == "report"
    assert links.read("report", token) == {"case": payment.case_id}


def test_customer_of_a_bank_without_a_desk_does_not_hear_of_one(services: Services) -> None:
    bank = services.bank.model_copy(update={"operations_desk": None})
    talk = Talk(replace(services, bank=bank), language="en")
    talk.say(STORIES["en"]["all"], "has_paid")
    while talk.asked.startswith("payment_"):
        talk.say(STORIES["en"]["unknown"], "dont_know")
    assert "desk that stops payments" not in talk.words
    assert packets(services) == []


def test_desk_learns_that_nothing_was_paid_after_all(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    talk.say("sorry, I have not paid anything", "correct")
    [message] = packets(services)
    assert message.body["packet"]["status"] == "ended"
    assert message.body["packet"]["outcome"] == "not_paid"


@pytest.mark.parametrize(
    ("language", "first", "corrected", "amount"),
    [
        ("en", "I sent 170,000", "17,000 not 170,000", 17_000),
        ("en", "I sent 5,000", "sorry it was 500 not 5,000", 500),
        ("en", "I sent 5,000", "no, 500", 500),
        ("zh", "我转了十七万", "是一万七不是十七万", 17_000),
        ("zh", "我转了二十万", "不是二十万，是两万", 20_000),
        ("zh", "我转了十七万", "说错了，一万七", 17_000),
    ],
)
def test_correction_in_any_order_of_words_gives_the_amount_that_holds(
    services: Services, language: str, first: str, corrected: str, amount: int
) -> None:
    talk = Talk(services, language=language)
    talk.say(first, "has_paid")
    talk.say(corrected, "correct")
    assert talk.payment().amount == Decimal(amount)


def test_correction_of_an_amount_keeps_its_currency(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I sent £5,000", "has_paid")
    talk.say("sorry it was 500 not 5,000", "correct")
    assert (talk.payment().amount, talk.payment().currency) == (Decimal(500), "GBP")


def test_corrected_day_holds_and_not_the_denied_one(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I sent 900 on Monday", "has_paid")
    talk.say("wait it wasnt Monday it was yesterday", "correct")
    submitted = talk.payment().submitted
    assert submitted is not None
    assert (EVENING - submitted).days <= 1


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [
        ("zh", "付了8888", 8888),
        ("zh", "转给他9800", 9800),
        ("zh", "被他骗走6万", 60_000),
        ("en", "I sent the scammer 900", 900),
    ],
)
def test_amount_beside_the_verb_counts_without_a_unit(
    services: Services, language: str, text: str, amount: int
) -> None:
    talk = Talk(services, language=language)
    talk.say(text, "has_paid")
    assert talk.payment().amount == Decimal(amount)


@pytest.mark.parametrize(
    ("language", "answer", "name"),
    [
        ("en", "Shenzhen Bright Parts Ltd, HSBC Hong Kong, [account …6789]", "Shenzhen Bright"),
        ("en", "Mary Jones, Chase, [account …7665]", "Mary Jones"),
        ("zh", "李四，建设银行，[card …1234]", "李四"),
        ("zh", "收款方是广州某某贸易有限公司", "广州某某贸易"),
    ],
)
def test_payee_is_read_as_people_list_it(
    services: Services, language: str, answer: str, name: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(STORIES[language]["start"], "has_paid")
    for question in ("amount", "time", "channel"):
        talk.say(STORIES[language][question])
    assert talk.asked == "payment_payee"
    talk.say(answer)
    assert name in (talk.payment().payee_name or "")


@pytest.mark.parametrize(
    ("language", "cry"),
    [
        ("en", "stop the payment please!!"),
        ("en", "will I get it back?"),
        ("zh", "还来得及吗"),
        ("zh", "求求你们快点"),
    ],
)
def test_cry_in_the_middle_of_the_questions_is_heard_and_the_question_stays(
    services: Services, language: str, cry: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(STORIES[language]["start"], "has_paid")
    for _ in range(3):
        talk.say(cry)
        assert talk.asked == "payment_amount"
    bank = services.bank.fields(language)
    assert phrases(language).say("paid_plea", **bank) in talk.words
    assert phrases(language).say("paid_noted") not in talk.words


def test_answer_that_cannot_be_read_is_asked_once_more_and_then_left(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    talk.say("blah the thing with the cat")
    assert talk.asked == "payment_amount"
    assert "could not read that" in talk.words
    talk.missed = True
    talk.say("blah the thing with the cat")
    assert talk.asked == "payment_time"


def test_answers_may_come_in_any_order(services: Services) -> None:
    talk = Talk(services, language="zh")
    talk.say("我已经转了", "has_paid")
    talk.say("五分钟前")
    assert talk.payment().submitted is not None
    talk.say("八万")
    assert talk.payment().amount == Decimal(80_000)


@pytest.mark.parametrize("text", ["还有一笔，五千，也是王刚", "我又转了五千给王刚"])
def test_one_payment_more_is_recorded_beside_the_first(services: Services, text: str) -> None:
    talk = Talk(services, language="zh")
    talk.say("我刚才用企业网银转了170万给宏达贸易，对方已经挂了", "has_paid")
    talk.asked = ""
    talk.say(text, "tell_of_call")
    assert [payment.amount for payment in talk.payments()] == [Decimal(1_700_000), Decimal(5_000)]


@pytest.mark.parametrize(
    "text", ["don't tell my boss please", "please don't tell anyone at my company"]
)
def test_whoever_wants_nobody_told_has_nobody_told(services: Services, text: str) -> None:
    talk = Talk(services, language="en", customer="C-1003")
    talk.say("I have sent it", "has_paid")
    talk.asked = ""
    talk.say(text, "tell_representative")
    assert phrases("en").say("not_telling") in talk.words
