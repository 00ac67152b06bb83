"""Stop-payment packets: owed to the bank's desk at once, and kept up to date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.bank import Bank, OperationsDesk
from bot.casework import outbox
from bot.casework.events import add_event
from bot.casework.follow_ups import digest_of
from bot.casework.locks import lock_row
from bot.casework.models import Case, Payment
from bot.casework.packet_making import (
    Titles,
    clock_lines,
    clock_of,
    no_titles,
    packet_of,
    prepare,
    rail_packs,
)
from bot.casework.pushes import withdraw
from bot.links import Links
from bot.recovery import RailPacks
from bot.recovery.document_words import document_languages, document_words
from bot.recovery.documents import packet_subject, packet_text
from bot.recovery.packet import Packet

__all__ = [
    "Titles",
    "clock_lines",
    "clock_of",
    "no_titles",
    "owe_packet",
    "packet_of",
    "prefix_of",
    "prepare",
    "rail_packs",
    "report_link",
]


def owe_packet(
    session: Session,
    payment: Payment,
    *,
    now: datetime,
    bank: Bank,
    packs: RailPacks,
    titles: Titles = no_titles,
) -> int:
    """Owe the bank's desk the packet as it is now; older versions that wait are withdrawn.

    Called as soon as a payment is told of, and again whenever a detail changes. The payee's whole
    account number and the signed link are not in what is owed; see :class:`bot.casework.
    packet_sending.PacketFinish`.

    Args:
        session: The open session; the caller commits.
        payment: The payment.
        now: The moment, aware.
        bank: Has the desk.
        packs: What is known of the payment rails.
        titles: Titles of scam scripts.

    Returns:
        The version; 0 where the bank has named no desk, and nothing is owed.

    Raises:
        DataError: The packs do not know the bank's country.
    """
    desk = bank.operations_desk
    if desk is None:
        return 0
    lock_row(session, payment.case)
    lock_row(session, payment)
    withdraw(session, payment.case, prefix=prefix_of(payment.id))
    payment.packet_version += 1
    packet = packet_of(session, payment, packs, now=now, bank=bank, titles=titles)
    for method in desk.notify:
        outbox.put(
            session,
            dedupe_key=f"{prefix_of(payment.id)}{packet.version}:{digest_of(method)}",
            method=method,
            recipient=desk.code,
            subject=packet_subject(packet, _language(desk)),
            body=_body(packet, desk, method=method),
            now=now,
            case=payment.case,
        )
    add_event(
        session,
        payment.case,
        kind="packet_owed",
        now=now,
        payment=payment.id,
        version=packet.version,
    )
    return packet.version


def report_link(links: Links, case: Case) -> str:
    """Return the address of the sheet for the police, for the customer of a case alone.

    Args:
        links: Sign it.
        case: The case.
    """
    return links.url("report", case=case.id)


def prefix_of(payment_id: int) -> str:
    """Return what the dedupe keys of a payment's packets begin with."""
    return f"packet:{payment_id}:"


def _body(packet: Packet, desk: OperationsDesk, *, method: str) -> dict[str, Any]:
    language = _language(desk)
    link = {
        "kind": "packet",
        "payment": packet.payment,
        "person": desk.code,
        "label": document_words(language)["packet"]["link"],
    }
    return {
        "text": packet_text(packet, language),
        "case": packet.reference,
        "payment": packet.payment,
        "version": packet.version,
        "language": language,
        "packet": packet.to_json(),
        # Only the bank's own signed receiver gets the whole number; a mail or a log never does.
        "whole_account": method.startswith("webhook:"),
        "way": digest_of(method),
        # The worker signs it on the way out, so that nothing that opens a page is stored.
        "links": [link],
    }


def _language(desk: OperationsDesk) -> str:
    return desk.language if desk.language in document_languages() else document_languages()[0]
