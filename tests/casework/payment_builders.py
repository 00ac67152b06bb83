"""Builders of payments and of their stop-payment packets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bot.bank import Bank, OperationsDesk, load_bank
from bot.casework.models import Case, Payment
from bot.casework.packets import owe_packet, packet_of, rail_packs
from bot.casework.payments import PaymentDetails, note_details, open_payment
from bot.recovery.packet import Packet
from bot.script_titles import script_titles
from bot.settings import Settings
from tests.casework.builders import EVENING, after, open_case

BANK = load_bank(Settings(_env_file=None).bank_file)
NUMBER = "6217000012340278901"
SEED = PaymentDetails(
    amount=Decimal(1_700_000),
    currency="CNY",
    submitted=EVENING,
    precise_to="minute",
    channel="corporate_online",
    account_kind="company",
    payee_name="宏达贸易有限公司",
    payee_bank="工商银行",
    payee_account_ending="8901",
    caller_there=False,
)
SAID = "八点用企业网银转了170万给宏达贸易，账号[account …8901]"


def bank_with(*notify: str, language: str = "zh") -> Bank:
    """The demonstration's bank with other methods of its desk."""
    assert BANK.operations_desk is not None
    desk = BANK.operations_desk.model_dump() | {"notify": notify, "language": language}
    return BANK.model_copy(update={"operations_desk": OperationsDesk(**desk)})


def paid(
    session: Session, details: PaymentDetails = SEED, *, case: Case | None = None, words: str = SAID
) -> Payment:
    """A payment of the seed story, or of other details."""
    case = case or open_case(session, exposure="paid")
    payment = open_payment(session, case, now=EVENING)
    note_details(session, payment, details, now=EVENING, words=words)
    session.refresh(case, ["payments"])
    return payment


def owed(session: Session, payment: Payment, **values: Any) -> int:
    known = {"now": after(minutes=5), "bank": BANK, "packs": rail_packs(), "titles": script_titles}
    return owe_packet(session, payment, **{**known, **values})


def made(session: Session, payment: Payment, **values: Any) -> Packet:
    known = {"now": after(minutes=5), "bank": BANK, "titles": script_titles}
    return packet_of(session, payment, rail_packs(), **{**known, **values})
