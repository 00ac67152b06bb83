"""The stop-payment packet: at the desk at once, complete or not, and kept up to date."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot import recovery
from bot.casework.base import storable
from bot.casework.models import PAYMENT_OUTCOMES, OutboxMessage, Payment
from bot.casework.packets import clock_lines, owe_packet, rail_packs
from bot.casework.payee_accounts import Vault
from bot.casework.payments import QUESTIONS, PaymentDetails, end_payment, note_details, open_payment
from bot.recovery.documents import note_page, packet_page, packet_text, report_page
from bot.recovery.packet import SCHEMA
from bot.settings import Settings
from tests.casework.builders import EVENING, after, open_case
from tests.casework.payment_builders import (
    BANK,
    NUMBER,
    SAID,
    SEED,
    bank_with,
    made,
    owed,
    paid,
)

VALID = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def messages(session: Session) -> list[OutboxMessage]:
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.dedupe_key.startswith("packet:"))
            .order_by(OutboxMessage.id)
        )
    )


def test_packet_goes_to_the_desk_before_anything_is_known_of_the_payment(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = open_payment(session, open_case(session, exposure="paid"), now=EVENING)
        assert owed(session, payment) == 1
        [message] = messages(session)
        assert message.recipient == "OPS"
        assert message.case is payment.case
        packet = message.body["packet"]
        VALID.validate(packet)
        assert set(packet["unknown"]) >= {"amount", "submitted", "payee_account", "payee_name"}
        assert packet["stop"]["rung"] == "cancel_inside_bank"
        assert packet["customer"]["code"] == "C-1001"


def test_packet_of_the_seed_story_names_rail_rung_deadline_and_who_must_act(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        packet = made(session, paid(session)).to_json()
    VALID.validate(packet)
    assert packet["paid"]["amount"] == "1700000.00"
    assert packet["paid"]["submitted"] == "2024-03-14T20:00:00+08:00"
    assert packet["clock"]["rails"][0]["id"] == "hvps"
    assert packet["stop"]["rung"] == "cancel_inside_bank"
    assert packet["stop"]["deadline"] == "2024-03-14T20:30:00+08:00"
    assert packet["stop"]["who"]["zh"]
    assert packet["payee"]["bank_code"] == "icbc"
    assert packet["case"]["script"]["en"] == "Fake credit-card debt"
    assert {"they will sue me tonight"} == {one["quote"] for one in packet["evidence"]}
    assert [one["text"] for one in packet["words"]] == [SAID]
    assert packet["manager"]["phone"] == "+86 101 0000 0011"


def test_newer_version_replaces_the_one_that_waits(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = paid(session, PaymentDetails())
        assert owed(session, payment) == 1
        note_details(session, payment, SEED, now=EVENING)
        assert owed(session, payment) == 2
        [message] = messages(session)
        assert message.body["version"] == message.body["packet"]["version"] == 2
        assert message.body["packet"]["paid"]["amount"] == "1700000.00"


def test_version_that_was_sent_stays_and_the_next_one_is_owed(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        owed(session, payment)
        [first] = messages(session)
        first.status = "sent"
        assert owed(session, payment) == 2
        assert [(m.status, m.body["version"]) for m in messages(session)] == [
            ("sent", 1),
            ("pending", 2),
        ]


def test_packets_of_two_payments_do_not_replace_each_other(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        first = paid(session)
        second = paid(session, PaymentDetails(amount=Decimal(50_000)), case=first.case)
        owed(session, first)
        owed(session, second)
        assert [message.body["payment"] for message in messages(session)] == [first.id, second.id]


def test_each_method_of_the_desk_gets_the_packet_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        owed(session, payment, bank=bank_with("console", "webhook:operations"))
        found = messages(session)
        assert {message.method for message in found} == {"console", "webhook:operations"}
        assert [m.body["whole_account"] for m in found] == [False, True]


def test_rolled_back_talk_owes_the_desk_nothing(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        owed(session, paid(session))
        session.rollback()
    with sessions() as session:
        assert messages(session) == []


def test_bank_without_a_desk_is_told_so_and_nothing_is_owed(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        bank = BANK.model_copy(update={"operations_desk": None})
        assert owed(session, payment, bank=bank) == 0
        assert payment.packet_version == 0
        assert messages(session) == []


def test_what_is_stored_of_a_packet_has_neither_the_number_nor_a_signed_link(
    sessions: sessionmaker[Session], vault: Vault
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        vault.keep(session, payment, NUMBER, now=EVENING)
        owed(session, payment, bank=bank_with("webhook:operations"))
        [message] = messages(session)
        assert NUMBER not in json.dumps(message.body)
        assert message.body["packet"]["payee"]["account"] is None
        assert message.body["packet"]["payee"]["account_kept"] is True
        assert message.body["packet"]["case"]["link"] is None
        assert "url" not in message.body["links"][0]
        assert NUMBER not in message.subject


def test_subject_names_nobody(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        owed(session, payment)
        [message] = messages(session)
        assert payment.case.reference in message.subject
        assert "陈伟" not in message.subject
        assert "宏达" not in message.subject


def test_desk_reads_the_staff_view_of_the_clock_and_the_customer_never_does(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        packet = made(session, paid(session))
        for language in ("en", "zh"):
            staff = recovery.staff_lines(packet.clock, language)
            assert all(line in packet_text(packet, language) for line in staff)
            for page in (report_page(packet, language), note_page(packet, language)):
                assert "20:30" not in page
                assert not any(line in page for line in staff)


def test_visitors_packet_says_that_the_bank_does_not_know_him(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session, case=open_case(session, customer=None, exposure="paid"))
        packet = made(session, payment)
        assert packet.customer is None
        assert packet.manager is not None
        assert packet.manager.phone == "+86 101 0000 0001"
        assert "has not identified" in packet_text(packet, "en")
        VALID.validate(packet.to_json())


def test_time_known_roughly_gives_no_deadline_that_may_be_too_late(
    sessions: sessionmaker[Session],
) -> None:
    """Ordered some time on Thursday: before the rail closed, or after it, or after it opened."""
    with sessions.begin() as session:
        rough = PaymentDetails(
            **{**SEED.known(), "precise_to": "day", "submitted": EVENING - timedelta(hours=8)}
        )
        packet = made(session, paid(session, rough)).to_json()
    assert packet["paid"]["not_before"] == "2024-03-14T00:00:00+08:00"
    assert packet["paid"]["not_after"] == "2024-03-14T20:00:00+08:00"
    assert packet["stop"]["deadline"] is None
    assert packet["stop"]["state"] == "unknown"
    assert packet["clock"]["ladder"][0]["why"] == ["time_not_precise"]


def test_about_eight_means_half_an_hour_each_way_and_not_after_it_was_told(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        packet = made(
            session, paid(session, PaymentDetails(submitted=EVENING, precise_to="hour"))
        ).to_json()
    assert packet["paid"]["not_before"] == "2024-03-14T19:30:00+08:00"
    assert packet["paid"]["not_after"] == "2024-03-14T20:00:00+08:00"


def test_payment_that_was_none_tells_the_desk_that_it_has_ended(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        owed(session, payment)
        end_payment(session, payment, outcome="not_paid", now=EVENING)
        owed(session, payment)
        [message] = messages(session)
        assert message.body["packet"]["status"] == "ended"
        assert "结果" in message.subject


def test_handover_shows_the_clock_of_a_running_payment_only(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        shown = {"now": after(minutes=5), "bank": BANK, "language": "en"}
        lines = clock_lines(session, payment.case, rail_packs(), **shown)  # type: ignore[arg-type]
        assert any("25 min" in line for line in lines)
        end_payment(session, payment, outcome="lost", now=EVENING)
        assert clock_lines(session, payment.case, rail_packs(), **shown) == []  # type: ignore[arg-type]


MOMENTS = st.datetimes(
    datetime(1990, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)
) | st.datetimes(datetime(2024, 3, 10), datetime(2024, 3, 15), timezones=st.just(UTC))
NAMES = st.none() | st.text(max_size=60).map(storable) | st.just("ICBC")
KNOWN_OR_NOT = st.fixed_dictionaries(
    {
        "amount": st.none()
        | st.decimals(min_value="0.01", max_value="99999999999", places=2, allow_nan=False),
        "currency": st.sampled_from([None, "CNY", "USD", "THB"]),
        "submitted": st.none() | MOMENTS,
        "precise_to": st.sampled_from([None, "minute", "hour", "day"]),
        "channel": st.sampled_from([None, *recovery.CHANNELS]),
        "arrival": st.sampled_from([None, *recovery.ARRIVALS]),
        "account_kind": st.sampled_from([None, "company", "private"]),
        "payee_name": NAMES,
        "payee_bank": NAMES,
        "payee_account_ending": st.sampled_from([None, "8901"]),
        "caller_there": st.sampled_from([None, True, False]),
        "unknown": st.lists(st.sampled_from(sorted(QUESTIONS)), unique=True),
        "outcome": st.sampled_from([None, *PAYMENT_OUTCOMES]),
    }
)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(details=KNOWN_OR_NOT, minutes=st.integers(0, 10_000))
def test_any_mix_of_known_and_unknown_gives_a_valid_packet_and_all_documents(
    sessions: sessionmaker[Session], details: dict[str, Any], minutes: int
) -> None:
    with sessions() as session:
        payment = paid(session, PaymentDetails())
        for name, value in details.items():
            setattr(payment, name, value)
        packet = made(session, payment, now=after(minutes=minutes))
        as_json = json.loads(json.dumps(packet.to_json()))
        VALID.validate(as_json)
        for name in ("amount", "submitted", "channel", "arrival"):
            assert (name in as_json["unknown"]) == (details[name] is None)
        for language in ("en", "zh"):
            assert packet_text(packet, language)
            for make in (packet_page, report_page, note_page):
                assert packet.reference in make(packet, language)
        session.rollback()


def test_each_transaction_counts_on_from_the_last_version(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment_id = paid(session).id
    for expected in (1, 2):
        with sessions.begin() as session:
            payment = session.get_one(Payment, payment_id)
            version = owe_packet(session, payment, now=EVENING, bank=BANK, packs=rail_packs())
            assert version == expected


@pytest.fixture
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return Vault(Settings(_env_file=None, var_dir=tmp_path_factory.mktemp("keys")).key("vault_key"))
