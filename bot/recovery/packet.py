"""The stop-payment packet: all that the desk needs to stop one payment, known or not yet.

Plain values and the clock's view of them. Whoever keeps the cases fills it in; how it is sent, and
who may see the payee's account number whole, is decided there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.recovery.clock import ClockView
from bot.recovery.rendering import as_json

SCHEMA = Path(__file__).resolve().parent / "packet_schema.json"
FORM = "stop-payment-packet/1"
"""Name of the form; another number is another form."""

Words = Mapping[str, str]

#: What a desk asks for, in the order in which it asks; the names are those of the JSON form.
#: Source: the five things that police notices ask a victim to have ready (110 stop payment).
DETAILS = (
    "amount",
    "submitted",
    "channel",
    "arrival",
    "account_kind",
    "payee_name",
    "payee_bank",
    "payee_account",
    "caller_there",
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """The customer's own words, masked.

    Args:
        at: When he wrote them, aware.
        text: The words.
        red_flag: The red flag that they show; empty for what he told of the payment.
    """

    at: datetime
    text: str
    red_flag: str = ""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who paid, as far as the bank itself has said who is writing.

    Args:
        code: The bank's code.
        names: By language code.
        kind: ``corporate`` or ``private``.
        companies: By language code; empty for a private customer.
        legal_representative: Of the company; empty where the bank has nobody.
        second_signer: Of the company; empty where the bank has nobody.
    """

    code: str
    names: Words
    kind: str
    companies: Words
    legal_representative: str = ""
    second_signer: str = ""

    def name_in(self, language: str) -> str:
        """Return the name as a reader of the language knows it."""
        return _in(self.names, language)

    def company_in(self, language: str) -> str:
        """Return the company's name, empty for a private customer."""
        return _in(self.companies, language)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the bank who has the case in hand.

    Args:
        names: By language code.
        phone: A number that reaches him.
    """

    names: Words
    phone: str

    def name_in(self, language: str) -> str:
        """Return the name as a reader of the language knows it."""
        return _in(self.names, language)


@dataclass(frozen=True, kw_only=True)
class Payee:
    """Who got it.

    Args:
        name: As the customer says it.
        bank: As the customer says it.
        bank_code: Of the rail packs; None where they have no such bank.
        account_ending: The last characters of the account number.
        account_kept: Whether the bank holds the whole number.
    """

    name: str | None = None
    bank: str | None = None
    bank_code: str | None = None
    account_ending: str | None = None
    account_kept: bool = False


@dataclass(frozen=True, kw_only=True)
class Packet:
    """One version of the packet about one payment; None is what nobody has said yet.

    Args:
        payment: Number of the payment.
        version: From 1; a higher one replaces the lower ones.
        made: When it was made, aware.
        reference: Of the case.
        opened: When the case was, aware.
        level: How surely it is a scam.
        exposure: How far in the customer is.
        script: Title of the leading script by language code; empty where there is none.
        bank: Name of the bank by language code.
        desk: Name of its desk by language code.
        desk_phone: The desk's number.
        police: The number of the police.
        customer: None for a visitor whom the bank does not know.
        manager: Who of the bank answers for the customer.
        amount: In units of the currency.
        currency: ISO 4217 code.
        currency_assumed: Whether nobody has named it, and the bank's own is meant.
        paying_bank: The other bank or exchange that it left; None for an account of this bank.
        submitted: When the order was given, aware.
        precise_to: ``minute``, ``hour`` or ``day``.
        span: The earliest and the latest moment that this may mean.
        channel: A word of the rail clock.
        arrival: A word of the rail clock.
        account_kind: ``company`` or ``private``.
        caller_there: Whether the caller is still in touch.
        payee: Who got it.
        clock: What the rail clock shows of it.
        evidence: The customer's words that show red flags, the oldest first.
        words: What he told of the payment, the oldest first.
        unknown: Which of `DETAILS` nobody knows.
        asked_in_vain: Which questions he could not answer.
        outcome: How it ended; None while it runs.
        amount_stopped: How much was stopped or came back.
    """

    payment: int
    version: int
    made: datetime
    reference: str
    opened: datetime
    level: str
    exposure: str
    script: Words
    bank: Words
    desk: Words
    desk_phone: str
    police: str
    customer: Customer | None
    manager: Person | None
    amount: Decimal | None
    currency: str | None
    submitted: datetime | None
    precise_to: str | None
    span: tuple[datetime, datetime] | None
    channel: str | None
    arrival: str | None
    account_kind: str | None
    caller_there: bool | None
    payee: Payee
    clock: ClockView
    evidence: tuple[Said, ...]
    words: tuple[Said, ...]
    unknown: tuple[str, ...]
    asked_in_vain: tuple[str, ...]
    currency_assumed: bool = False
    paying_bank: str | None = None
    outcome: str | None = None
    amount_stopped: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the packet for machines, after ``packet_schema.json``; times in the bank's zone.

        The payee's whole account number and the link to the page are not in it: they are filled
        in just before it is sent, and are never stored.
        """
        return {
            "form": FORM,
            "payment": self.payment,
            "version": self.version,
            "status": "running" if self.outcome is None else "ended",
            "made": self._at(self.made),
            "case": {
                "reference": self.reference,
                "opened": self._at(self.opened),
                "level": self.level,
                "exposure": self.exposure,
                "script": dict(self.script),
                "link": None,
            },
            "bank": dict(self.bank),
            "customer": self._customer(),
            "manager": self.manager
            and {"names": dict(self.manager.names), "phone": self.manager.phone},
            "paid": self._paid(),
            "payee": {
                "name": self.payee.name,
                "bank": self.payee.bank,
                "bank_code": self.payee.bank_code,
                "account_ending": self.payee.account_ending,
                "account_kept": self.payee.account_kept,
                "account": None,
            },
            "stop": self._stop(),
            "clock": as_json(self.clock),
            "evidence": [
                {"at": self._at(one.at), "red_flag": one.red_flag, "quote": one.text}
                for one in self.evidence
            ],
            "words": [{"at": self._at(one.at), "text": one.text} for one in self.words],
            "unknown": list(self.unknown),
            "asked_in_vain": list(self.asked_in_vain),
            "outcome": self.outcome,
            "amount_stopped": _money(self.amount_stopped),
        }

    def _customer(self) -> dict[str, Any] | None:
        if self.customer is None:
            return None
        return {
            "code": self.customer.code,
            "names": dict(self.customer.names),
            "kind": self.customer.kind,
            "companies": dict(self.customer.companies),
            "legal_representative": self.customer.legal_representative or None,
            "second_signer": self.customer.second_signer or None,
        }

    def _paid(self) -> dict[str, Any]:
        first, last = self.span or (None, None)
        return {
            "amount": _money(self.amount),
            "currency": self.currency,
            "currency_assumed": self.currency_assumed,
            "paying_bank": self.paying_bank,
            "submitted": self._at(self.submitted),
            "precise_to": self.precise_to,
            "not_before": self._at(first),
            "not_after": self._at(last),
            "channel": self.channel,
            "arrival": self.arrival,
            "account_kind": self.account_kind,
            "caller_there": self.caller_there,
        }

    def _stop(self) -> dict[str, Any]:
        rung = self.clock.rung
        return {
            "rung": rung.id,
            "state": rung.state,
            "deadline": self._at(self.clock.deadline),
            "perhaps_until": self._at(rung.perhaps_until),
            "who": dict(rung.who),
            "rule": dict(rung.rule),
        }

    def _at(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(self.clock.pack.zone).isoformat()


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _in(words: Words, language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")
