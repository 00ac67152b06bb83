"""The talk about a payment: what a message tells of it, and what is recorded."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from actions.turn import Turn
from actions.words import says
from actions.work import Work
from bot.casework.follow_ups import zone_of
from bot.casework.models import Case, Payment
from bot.casework.packets import owe_packet, report_link
from bot.casework.payments import (
    PaymentDetails,
    end_payment,
    mark_unknown,
    next_question,
    note_details,
    open_payment,
    payment_of,
)
from bot.counsel.phrases import phrases
from bot.counsel.replies import PaymentTalk
from bot.recovery import spoken

_NEAR = 24


def belongs_to_payment(work: Work, case: Case, topic: str) -> bool:
    """Whether a message that looks like something else corrects or completes a payment.

    Args:
        work: The turn and the open transaction.
        case: The case.
        topic: What the message looks like.
    """
    payment = payment_of(case)
    if payment is None or work.turn.button or topic not in ("correct", "tell_of_call", "has_paid"):
        return False
    details = _details(work, case).known()
    if topic == "tell_of_call":
        told = {"amount", "payee_name", "payee_account_ending"} & details.keys()
        return bool(told) and bool(says("sent").search(work.turn.text))
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
        noted=_read_back(payment, changed, language=turn.language, zone=zone),
        company=payment.account_kind == "company" or payment.channel == "corporate_online",
        caller_there="caller_there" in changed and bool(payment.caller_there),
        at_desk=payment.packet_version > 0,
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
    zone = zone_of(work.session, case)
    return details_of(work.turn, now=work.now, zone=zone, currency=work.services.bank.currency)


def _record(
    work: Work, case: Case, payment: Payment | None, details: PaymentDetails
) -> tuple[Payment, tuple[str, ...]]:
    """Record a message about a payment; return the payment and which details changed."""
    session, turn, now = work.session, work.turn, work.now
    if payment is None or _is_another(payment, details, turn):
        payment = open_payment(session, case, now=now)
        session.refresh(case, ["payments"])
    asked = turn.asked.removeprefix("payment_") if turn.asked.startswith("payment_") else ""
    corrects = turn.intent == "correct" or bool(says("corrects").search(turn.text))
    answer = details if corrects else _only(details, asked)
    words = "" if turn.button else turn.text
    changed = note_details(session, payment, answer, now=now, words=words, replace=True)
    changed += note_details(session, payment, details, now=now)
    if asked and next_question(payment) == asked:
        # It was asked once; what he could not say then is not asked again, but may come later.
        mark_unknown(session, payment, asked, now=now)
    return payment, changed


def details_of(turn: Turn, *, now: datetime, zone: ZoneInfo, currency: str) -> PaymentDetails:
    """Return what a message tells of a payment.

    Args:
        turn: The message, and what was asked before it.
        now: The moment, aware.
        zone: The customer's time zone.
        currency: What an amount without a currency is taken for.
    """
    asked = turn.asked.removeprefix("payment_")
    if turn.button:
        return _of_button(turn)
    amount = _amount(turn.text, asked=asked == "amount", language=turn.language)
    time = spoken.time_in(
        turn.text, language=turn.language, now=now, zone=zone, asked=asked == "time"
    )
    payee = spoken.payee_in(turn.text, language=turn.language, asked=asked == "payee")
    return PaymentDetails(
        amount=amount.value if amount else None,
        currency=(amount.currency or currency) if amount else None,
        submitted=time.at if time else None,
        precise_to=time.precise_to if time else None,
        channel=spoken.channel_in(turn.text),
        arrival=spoken.arrival_in(turn.text),
        account_kind=spoken.account_in(turn.text),
        payee_name=payee.name if payee else None,
        payee_bank=payee.bank if payee else None,
        payee_account_ending=payee.account_ending if payee else None,
        caller_there=_caller(turn, asked=asked == "caller"),
    )


def _read_back(
    payment: Payment, changed: tuple[str, ...], *, language: str, zone: ZoneInfo
) -> list[str]:
    """Return what was noted, in words that the customer can check."""
    words = phrases(language)
    shown = []
    if "amount" in changed and payment.amount is not None:
        shown.append(f"{payment.currency} {_plain(payment.amount)}")
    if "submitted" in changed and payment.submitted is not None:
        form = "%Y-%m-%d" if payment.precise_to == "day" else "%Y-%m-%d %H:%M"
        shown.append(payment.submitted.astimezone(zone).strftime(form))
    if "channel" in changed and payment.channel:
        shown.append(words.texts[f"channel_{payment.channel}"])
    if "payee_name" in changed and payment.payee_name:
        shown.append(payment.payee_name)
    if "payee_bank" in changed and payment.payee_bank:
        shown.append(payment.payee_bank)
    if "payee_account_ending" in changed and payment.payee_account_ending:
        shown.append(f"…{payment.payee_account_ending}")
    return shown


def _amount(text: str, *, asked: bool, language: str) -> spoken.SpokenAmount | None:
    """Return the amount that was paid, not one that was demanded or owed."""
    amounts = spoken.amounts_in(text, language=language, asked=asked)
    if not amounts:
        return None
    if asked or says("corrects").search(text):
        return amounts[-1]  # "Not 170,000 but 17,000": the last one holds.
    sent = [match.end() for match in says("sent").finditer(text)]
    near = [
        (one.start - end, one)
        for one in amounts
        for end in sent
        if -_NEAR < one.start - end <= _NEAR
    ]
    return min(near, key=lambda pair: (pair[0] < 0, abs(pair[0])))[1] if near else None


def _caller(turn: Turn, *, asked: bool) -> bool | None:
    if asked and turn.intent in ("affirm", "on_the_phone"):
        return True
    if asked and turn.intent in ("deny", "hung_up"):
        return False
    return spoken.caller_there(turn.text)


def _of_button(turn: Turn) -> PaymentDetails:
    if turn.button in ("still_on", "hung_up", "not_on"):
        return PaymentDetails(caller_there=turn.button == "still_on")
    if turn.button in ("corporate_online", "online", "mobile", "counter", "atm"):
        account = "company" if turn.button == "corporate_online" else None
        return PaymentDetails(channel=turn.button, account_kind=account)
    if turn.asked == "payment_caller" and turn.button in ("affirm", "deny"):
        return PaymentDetails(caller_there=turn.button == "affirm")
    return PaymentDetails()


def _is_another(payment: Payment, details: PaymentDetails, turn: Turn) -> bool:
    return (
        details.amount is not None
        and payment.amount is not None
        and details.amount != payment.amount
        and not turn.asked.startswith("payment_")
        and bool(says("another").search(turn.text))
        and bool(says("sent").search(turn.text))
    )


def _only(details: PaymentDetails, question: str) -> PaymentDetails:
    """Keep what answers a question; with the amount goes its currency, with the name the rest."""
    kept = {
        "amount": ("amount", "currency"),
        "time": ("submitted", "precise_to"),
        "channel": ("channel", "account_kind", "arrival"),
        "payee": ("payee_name", "payee_bank", "payee_account_ending"),
        "caller": ("caller_there",),
    }.get(question, ())
    return PaymentDetails(**{name: getattr(details, name) for name in kept})


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
