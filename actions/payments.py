"""The talk about a payment: what a message tells of it, and what is recorded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from actions.payment_details import corrects, details_of
from actions.turn import Turn
from actions.words import says
from actions.work import Work
from bot.casework.follow_ups import zone_of
from bot.casework.models import Case, Payment
from bot.casework.packets import owe_packet, report_link
from bot.casework.payments import (
    QUESTIONS,
    PaymentDetails,
    end_payment,
    mark_unknown,
    next_question,
    note_details,
    open_payment,
    open_questions,
    payment_of,
)
from bot.counsel.phrases import phrases
from bot.counsel.replies import PaymentTalk
from bot.recovery import OFF_RAILS, spoken

#: Ways for which the first thing to do differs.
_WAYS = frozenset([*OFF_RAILS, "atm"])
#: What a message about a payment may look like.
_MAY_BELONG = frozenset(["correct", "tell_of_call", "has_paid", "called_again", "not_understood"])


def belongs_to_payment(work: Work, case: Case, topic: str) -> bool:
    """Whether a message that looks like something else corrects or completes a payment.

    Args:
        work: The turn and the open transaction.
        case: The case.
        topic: What the message looks like.
    """
    payment = payment_of(case)
    if payment is None or work.turn.button or topic not in _MAY_BELONG:
        return False
    details = _details(work, case).known()
    if topic != "correct" and topic != "has_paid":
        told = {"amount", "payee_name", "payee_account_ending"} & details.keys()
        sent = says("sent").search(work.turn.text) or says("another").search(work.turn.text)
        return bool(told) and bool(sent)
    return bool(details)


def attend_payment(work: Work, case: Case, topic: str) -> PaymentTalk | None:
    """Record what the message tells of a payment, and return where the talk about it stands.

    Args:
        work: The turn and the open transaction.
        case: The case, locked.
        topic: What the message is about.

    Returns:
        None where no money has left.
    """
    session, turn, now = work.session, work.turn, work.now
    payment = payment_of(case)
    changed: tuple[str, ...] = ()
    if topic in ("has_paid", "payment_told"):
        payment, changed = _record(work, case, payment, _details(work, case))
    elif topic == "not_paid" and payment is not None:
        end_payment(session, payment, outcome="not_paid", now=now)
        _tell_desk(work, payment)
        return None
    elif payment is not None and topic in ("hung_up", "on_the_phone", "still_on"):
        there = PaymentDetails(caller_there=topic != "hung_up")
        if note_details(session, payment, there, now=now, replace=True):
            _tell_desk(work, payment)
    if payment is None:
        return None
    if changed or not payment.packet_version:
        _tell_desk(work, payment)
    zone = zone_of(session, case)
    return PaymentTalk(
        question=next_question(payment),
        way=payment.channel if payment.channel in _WAYS else "",
        other_bank="" if payment.channel in OFF_RAILS else payment.paying_bank or "",
        way_is_new=_way_is_new(payment, changed) and topic == "payment_told",
        assumed=_assumed(payment, changed),
        noted=_read_back(payment, changed, language=turn.language, zone=zone),
        company=payment.account_kind == "company" or payment.channel == "corporate_online",
        caller_there="caller_there" in changed and bool(payment.caller_there),
        at_desk=payment.packet_version > 0,
        not_read=_not_read(turn, changed) if topic == "payment_told" else "",
        report=report_link(work.services.links, case) if work.services.links else "",
    )


def _tell_desk(work: Work, payment: Payment) -> None:
    """Owe the desk that stops payments what is known by now, complete or not."""
    services = work.services
    owe_packet(
        work.session,
        payment,
        now=work.now,
        bank=services.bank,
        packs=services.packs(),
        titles=lambda script: services.recogniser.script(script)["title"],
    )


def _details(work: Work, case: Case) -> PaymentDetails:
    payment = payment_of(case)
    wanted = set(QUESTIONS) if payment is None else open_questions(payment)
    zone = zone_of(work.session, case)
    details = details_of(
        work.turn,
        now=work.now,
        zone=zone,
        open_questions=wanted,
        currency=work.services.bank.currency,
        way=(payment.channel or "") if payment else "",
    )
    return _without_own_bank(details, work)


def _record(
    work: Work, case: Case, payment: Payment | None, details: PaymentDetails
) -> tuple[Payment, tuple[str, ...]]:
    """Record a message about a payment; return the payment and which details changed."""
    session, turn, now = work.session, work.turn, work.now
    if payment is None or _is_another(payment, details, turn):
        payment = open_payment(session, case, now=now)
        session.refresh(case, ["payments"])
    asked = turn.asked.removeprefix("payment_") if turn.asked.startswith("payment_") else ""
    answer = details if corrects(turn) else _only(details, asked)
    words = "" if turn.button else turn.text
    changed = note_details(session, payment, answer, now=now, words=words, replace=True)
    if details.currency and payment.currency_assumed:
        # What is said in words wins over what was only taken for granted.
        said = PaymentDetails(currency=details.currency, currency_assumed=False)
        changed += note_details(session, payment, said, now=now, replace=True)
    changed += note_details(session, payment, details, now=now)
    if payment.amount is not None and payment.currency is None:
        currency = PaymentDetails(currency=work.services.bank.currency, currency_assumed=True)
        note_details(session, payment, currency, now=now)
    if asked and next_question(payment) == asked and not _not_read(turn, changed):
        # It was asked in vain and is not asked again, but the answer may come later.
        mark_unknown(session, payment, asked, now=now)
    return payment, changed


def _read_back(
    payment: Payment, changed: tuple[str, ...], *, language: str, zone: ZoneInfo
) -> list[str]:
    """Return what was noted, in words that the customer can check."""
    words = phrases(language)
    shown = []
    if {"amount", "currency"} & set(changed) and payment.amount is not None:
        shown.append(f"{payment.currency} {_plain(payment.amount)}")
    if "submitted" in changed and payment.submitted is not None:
        form = "%Y-%m-%d" if payment.precise_to == "day" else "%Y-%m-%d %H:%M"
        shown.append(payment.submitted.astimezone(zone).strftime(form))
    if "channel" in changed and payment.channel:
        shown.append(words.texts[f"channel_{payment.channel}"])
    if "paying_bank" in changed and payment.paying_bank:
        shown.append(words.say("paid_left", bank=payment.paying_bank))
    if "payee_name" in changed and payment.payee_name:
        shown.append(payment.payee_name)
    if "payee_bank" in changed and payment.payee_bank:
        shown.append(payment.payee_bank)
    if "payee_account_ending" in changed and payment.payee_account_ending:
        shown.append(f"…{payment.payee_account_ending}")
    return shown


def _without_own_bank(details: PaymentDetails, work: Work) -> PaymentDetails:
    """Leave out the paying bank where it is this one: then nothing is to be said of it."""
    if not details.paying_bank:
        return details
    named = details.paying_bank.casefold()
    own = [name.casefold() for name in work.services.bank.names.values()]
    if any(named in name or name in named for name in own):
        return replace(details, paying_bank=None)
    return details


def _way_is_new(payment: Payment, changed: tuple[str, ...]) -> bool:
    channel = "channel" in changed and payment.channel in _WAYS
    bank = "paying_bank" in changed and payment.channel not in OFF_RAILS
    return channel or bank


def _assumed(payment: Payment, changed: tuple[str, ...]) -> str:
    return payment.currency or "" if payment.currency_assumed and "amount" in changed else ""


def _is_another(payment: Payment, details: PaymentDetails, turn: Turn) -> bool:
    return (
        details.amount is not None
        and payment.amount is not None
        and details.amount != payment.amount
        and bool(says("another").search(turn.text))
        and not corrects(turn)
    )


def _not_read(turn: Turn, changed: tuple[str, ...]) -> str:
    """Return why an answer told nothing: ``plea``, ``not_read``, or empty when it told something.

    Whoever asks back or cries out has not answered; everybody else is asked once more.
    """
    if changed or turn.button or not turn.asked.startswith("payment_"):
        return ""
    if turn.intent == "dont_know" or spoken.says_unknown(turn.text):
        return ""
    if says("asks_back").search(turn.text):
        return "plea"
    return "" if turn.missed else "not_read"


def _only(details: PaymentDetails, question: str) -> PaymentDetails:
    """Keep what answers a question; with the amount goes its currency, with the name the rest."""
    kept = {
        "amount": ("amount", "currency"),
        "time": ("submitted", "precise_to"),
        "channel": ("channel", "account_kind", "arrival"),
        "payee": ("payee_name", "payee_bank", "payee_account_ending", "paying_bank"),
        "caller": ("caller_there",),
    }.get(question, ())
    return PaymentDetails(**{name: getattr(details, name) for name in kept})


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
