"""The payee's account number: one place, encrypted, seen on record, deleted in the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.models import Payment
from bot.casework.payee_accounts import Vault, delete_old_accounts
from bot.casework.payments import end_payment, open_payment
from bot.errors import ConfigurationError, NotFoundError
from bot.settings import Settings
from tests.casework.builders import EVENING, after, open_case

NUMBER = "6217 0000 1234 5678 901"
PLAIN = "6217000012345678901"


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key().decode())


def kept(session: Session, vault: Vault) -> Payment:
    payment = open_payment(session, open_case(session), now=EVENING)
    assert vault.keep(session, payment, NUMBER, now=EVENING)
    return payment


def test_number_is_shown_whole_and_the_view_is_logged(
    sessions: sessionmaker[Session], vault: Vault
) -> None:
    with sessions.begin() as session:
        payment = kept(session, vault)
        shown = vault.show(
            session, payment, by="desk", why="stop-payment packet", now=after(hours=1)
        )
        assert shown == PLAIN
        session.refresh(payment)
        assert payment.payee_account is not None
        views = [(view.by, view.why, view.at) for view in payment.payee_account.views]
        assert views == [("desk", "stop-payment packet", after(hours=1))]
        assert payment.payee_account_ending == "8901"


def test_no_table_holds_the_number_readably(sessions: sessionmaker[Session], vault: Vault) -> None:
    with sessions.begin() as session:
        kept(session, vault)
    with sessions() as session:
        for table in inspect(session.connection()).get_table_names():
            rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
            assert PLAIN not in str(rows)
            assert NUMBER not in str(rows)


def test_same_number_is_kept_once_and_a_corrected_one_replaces_it(
    sessions: sessionmaker[Session], vault: Vault
) -> None:
    with sessions.begin() as session:
        payment = kept(session, vault)
        assert not vault.keep(session, payment, PLAIN, now=EVENING)
        assert vault.keep(session, payment, "GB29 NWBK 6016 1331 9268 19", now=EVENING)
        shown = vault.show(session, payment, by="desk", why="packet", now=EVENING)
        assert shown == "GB29NWBK60161331926819"


def test_number_is_deleted_some_days_after_the_payment_has_ended(
    sessions: sessionmaker[Session], vault: Vault
) -> None:
    with sessions.begin() as session:
        payment = kept(session, vault)
        vault.show(session, payment, by="desk", why="packet", now=EVENING)
        assert delete_old_accounts(session, after(days=400), days=30) == 0, "It still runs."
        end_payment(session, payment, outcome="lost", now=EVENING)
        assert delete_old_accounts(session, after(days=29), days=30) == 0
        assert delete_old_accounts(session, after(days=30), days=30) == 1
        assert delete_old_accounts(session, after(days=31), days=30) == 0
        assert vault.show(session, payment, by="desk", why="packet", now=after(days=31)) is None
        session.refresh(payment)
        assert payment.payee_account is not None
        assert len(payment.payee_account.views) == 1, "Who saw it stays on record."


def test_another_key_shows_nothing_and_says_so(
    sessions: sessionmaker[Session], vault: Vault
) -> None:
    with sessions.begin() as session:
        payment = kept(session, vault)
        other = Vault(Fernet.generate_key().decode())
        with pytest.raises(NotFoundError, match="restore that key"):
            other.show(session, payment, by="desk", why="packet", now=EVENING)


def test_key_made_by_the_settings_will_do(tmp_path: Path) -> None:
    Vault(Settings(_env_file=None, var_dir=tmp_path).key("vault_key"))


def test_key_of_another_form_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SECONDVOICE_VAULT_KEY"):
        Vault("too short")
