"""Export, erasure and retention: everything of one customer, and nothing of anybody else's."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.casework import education, messenger_chats, outbox_desk, pushes, received, visits
from bot.casework.base import Base
from bot.casework.card_links import issue_link, name_by_card
from bot.casework.care import customer_by_code
from bot.casework.cases import close_case
from bot.casework.contacts import contact_for
from bot.casework.erasing import erase_customer
from bot.casework.escalations import acknowledge
from bot.casework.exporting import export_customer
from bot.casework.follow_ups import plan_follow_ups
from bot.casework.held import Held, held_of
from bot.casework.identity import WordKeeper
from bot.casework.models import (
    Case,
    Contact,
    Customer,
    Erasure,
    OutboxMessage,
    PushedMessage,
    ReceivedMessage,
)
from bot.casework.payee_accounts import Vault
from bot.casework.payment_outcomes import end_payment
from bot.casework.payment_requests import begin_request
from bot.casework.retention import Kept, Retention, forget_old_data
from bot.errors import ConflictError, NotFoundError
from tests.casework.builders import EVENING, WEB, after, open_case
from tests.casework.payment_builders import NUMBER, owed, paid

KEY = "a" * 43
CHAT = "telegram:700"
KEPT = Kept(pushed=30, received=7, outbox=90, cases=365)


def live_through(
    session: Session, *, customer: str = "C-1001", web: str = WEB, chat: str = CHAT
) -> Case:
    """A customer of whom every table holds something."""
    case = open_case(session, customer=customer, address=web, exposure="paid")
    payment = paid(session, case=case)
    Vault(KEY).keep(session, payment, NUMBER, now=EVENING)
    Vault(KEY).show(session, payment, by="OPS", why="packet", now=EVENING)
    owed(session, payment)
    begin_request(session, case, now=EVENING)
    plan_follow_ups(session, case, now=EVENING)
    WordKeeper(KEY).make(session, case, language="zh", now=EVENING)
    pushes.write_pushed(session, web, dedupe_key=f"p{web}", body={"text": "told"}, now=EVENING)
    link = issue_link(session, customer_by_code(session, customer), days=30, now=EVENING)
    contact_for(session, chat, language="zh", now=EVENING)
    name_by_card(session, chat, link.token, language="zh", now=EVENING)
    messenger_chats.note_keyboard(session, chat, number=3, now=EVENING)
    received.keep(session, "telegram", [(f"u{chat}", chat, {"text": "hello"})], now=EVENING)
    visits.record_visit(
        session, customer, day=date(2024, 3, 13), by=None, note="told her", now=EVENING
    )
    education.record_education(
        session,
        customer,
        ["fake_card_debt"],
        known=["fake_card_debt"],
        day=date(2024, 3, 13),
        by=None,
        now=EVENING,
    )
    session.flush()
    return case


def close(session: Session, case: Case) -> None:
    session.refresh(case)
    for payment in case.payments:
        if payment.closed is None:
            end_payment(session, payment, outcome="lost", now=after(hours=1))
    for escalation in case.escalations:
        if escalation.status == "pending":
            acknowledge(session, escalation.id, escalation.account_manager.code, after(hours=1))
    close_case(session, case, outcome="paid", now=after(hours=2))


def everything(session: Session) -> str:
    """Every value of every row, but for the record of erasures."""
    session.flush()
    rows = [
        (table.name, [str(value) for value in row])
        for table in Base.metadata.sorted_tables
        if table.name != "erasures"
        for row in session.execute(table.select())
    ]
    return json.dumps(rows, ensure_ascii=False)


def test_the_builder_fills_every_table_that_an_export_knows(session: Session) -> None:
    live_through(session)
    held = held_of(session, customer_by_code(session, "C-1001"))
    empty = [field.name for field in fields(Held) if not getattr(held, field.name)]
    assert [name for name in empty if name not in ("escalations", "escalation_steps")] == [
        "links_elsewhere"
    ]


def test_export_holds_all_that_is_held_of_the_customer_and_no_number_of_the_vault(
    session: Session,
) -> None:
    case = live_through(session)
    exported = export_customer(session, "C-1001", now=EVENING)
    text_of = json.dumps(exported, ensure_ascii=False)
    assert exported["customer"]["code"] == "C-1001"
    assert {row["address"] for row in exported["contacts"]} == {WEB, CHAT}
    assert exported["cases"][0]["reference"] == case.reference
    assert exported["evidence"][0]["quote"] == "they will sue me tonight"
    assert exported["payments"][0]["payee_account_ending"] == "8901"
    assert exported["payee_accounts"][0]["views"] == 1
    assert exported["payee_accounts"][0]["number_kept"] is True
    assert exported["visits"][0]["note"] == "told her"
    assert exported["received_messages"][0]["body"] == {"text": "hello"}
    assert exported["pushed_messages"][0]["body"] == {"text": "told"}
    assert exported["outbox_messages"]
    assert NUMBER not in text_of
    assert "ciphertext" not in text_of
    [link] = exported["card_links"]
    assert "token" not in link


def test_export_holds_nothing_of_another_customer(session: Session) -> None:
    live_through(session)
    other = live_through(session, customer="C-2001", web="web:other", chat="telegram:800")
    text_of = json.dumps(export_customer(session, "C-1001", now=EVENING))
    for theirs in ("C-2001", "web:other", "telegram:800", other.reference):
        assert theirs not in text_of


def test_a_customer_who_is_not_there_is_named(session: Session) -> None:
    with pytest.raises(NotFoundError, match="C-9999"):
        export_customer(session, "C-9999", now=EVENING)
    with pytest.raises(NotFoundError, match="C-9999"):
        erase_customer(session, "C-9999", now=EVENING)


def test_an_open_case_is_not_erased_without_a_reason(session: Session) -> None:
    case = live_through(session)
    before = everything(session)
    for reason in (None, "", "  "):
        with pytest.raises(ConflictError, match=case.reference):
            erase_customer(session, "C-1001", now=EVENING, force_reason=reason)
    assert everything(session) == before


def test_erasing_leaves_nothing_of_the_customer_and_all_of_the_others(session: Session) -> None:
    other = live_through(session, customer="C-2001", web="web:other", chat="telegram:800")
    session.expire_all()  # Read back, as the database gives it.
    theirs = export_customer(session, "C-2001", now=EVENING)
    untouched = everything(session)
    case = live_through(session)
    reference, name = case.reference, customer_by_code(session, "C-1001").name
    close(session, case)
    record = erase_customer(session, "C-1001", now=after(days=1))
    left = everything(session)
    for trace in ("C-1001", WEB, CHAT, reference, name):
        assert trace not in left
    assert session.scalar(select(Customer).where(Customer.code == "C-1001")) is None
    assert export_customer(session, "C-2001", now=EVENING) == theirs
    assert other.reference in left
    assert len(left) < len(untouched)
    assert record.customer_code == "C-1001"


def test_the_counts_that_stay_are_numbers_alone(session: Session) -> None:
    live_through(session)
    record = erase_customer(session, "C-1001", now=after(days=1), force_reason="court order")
    assert record.reason == "court order"
    assert record.counts["cases"] == {
        "level": {"scam": 1},
        "exposure": {"paid": 1},
        "script": {"fake_card_debt": 1},
        "outcome": {"open": 1},
        "year": {"2024": 1},
    }
    assert record.counts["payments"] == {"open": 1}
    assert record.counts["rows"]["contacts"] == 2
    stored = session.scalars(select(Erasure)).one()
    assert set(map(type, stored.counts["rows"].values())) == {int}


def test_a_card_that_opened_anothers_chat_is_forgotten_there_and_the_chat_stays(
    session: Session,
) -> None:
    live_through(session)
    link = issue_link(session, customer_by_code(session, "C-1001"), days=30, now=EVENING)
    open_case(session, customer="C-2001", address="web:hers")
    contact = session.scalars(select(Contact).where(Contact.address == "web:hers")).one()
    contact.card_link = link
    session.flush()
    erase_customer(session, "C-1001", now=after(days=1), force_reason="asked for it")
    again = session.scalars(select(Contact).where(Contact.address == "web:hers")).one()
    assert again.card_link_id is None
    assert again.customer is not None


def test_closed_cases_go_after_their_time_and_open_ones_stay(session: Session) -> None:
    case = live_through(session)
    close(session, case)
    still = open_case(session, customer="C-2001", address="web:open")
    assert forget_old_data(session, after(days=360), kept=KEPT) > 0  # Words that are older.
    assert session.get(Case, case.id) is not None
    forget_old_data(session, after(days=366), kept=KEPT)
    assert session.scalars(select(Case.id)).all() == [still.id]
    record = session.scalars(select(Erasure)).one()
    assert (record.kind, record.customer_code) == ("retention", None)
    assert record.counts["payments"] == {"lost": 1}


def test_messages_lose_their_words_after_their_time(session: Session) -> None:
    live_through(session)
    row = session.scalars(select(OutboxMessage).limit(1)).one()
    row.status, row.sent_at = "sent", EVENING
    key, others = row.dedupe_key, len(session.scalars(select(OutboxMessage.id)).all())
    session.flush()
    forget_old_data(session, after(days=29), kept=KEPT)
    assert session.scalars(select(PushedMessage.id)).all() != []
    assert session.scalars(select(ReceivedMessage.id)).all() == []
    forget_old_data(session, after(days=91), kept=KEPT)
    session.expire_all()
    assert session.scalars(select(PushedMessage.id)).all() == []
    emptied = session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == key)).one()
    assert emptied.body == {}
    pending = session.scalars(select(OutboxMessage).where(OutboxMessage.status == "pending")).all()
    assert len(pending) == others - 1
    assert all(message.body for message in pending)


def test_a_dead_message_without_words_is_not_sent_again(session: Session) -> None:
    live_through(session)
    row = session.scalars(select(OutboxMessage).limit(1)).one()
    row.status = "dead"
    session.flush()
    forget_old_data(session, after(days=120), kept=KEPT)
    session.expire_all()
    assert outbox_desk.retry(session, [row.id], now=after(days=120)).left == (row.id,)


def test_web_chats_without_a_case_go_and_others_stay(session: Session) -> None:
    contact_for(session, "web:visitor", language="en", now=EVENING)
    contact_for(session, "telegram:1", language="en", now=EVENING)
    open_case(session, address="web:case")
    forget_old_data(session, after(days=31), kept=KEPT)
    addresses = session.scalars(select(Contact.address).order_by(Contact.address)).all()
    assert addresses == ["telegram:1", "web:case"]


def test_the_chore_looks_once_an_hour_unless_there_is_more(session: Session) -> None:
    chore = Retention(KEPT)
    contact_for(session, "web:visitor", language="en", now=EVENING)
    assert chore(session, after(days=40)) == 1
    assert chore(session, after(days=40)) == 0
    contact_for(session, "web:second", language="en", now=EVENING)
    assert chore(session, after(days=40, minutes=59)) == 0
    assert chore(session, after(days=40, minutes=61)) == 1


def test_nothing_refers_to_what_was_erased(session: Session) -> None:
    live_through(session)
    erase_customer(session, "C-1001", now=after(days=1), force_reason="asked for it")
    session.commit()
    if session.get_bind().dialect.name == "sqlite":
        assert session.execute(text("pragma foreign_key_check")).all() == []
