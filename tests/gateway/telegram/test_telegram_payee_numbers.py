"""The payee's account number that a customer writes in Telegram: in the vault and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from gateway_servers import StandInForRasa
from sqlalchemy import select

from bot.casework.cases import case_for, find_open_case
from bot.casework.models import PayeeAccount
from bot.casework.payee_accounts import Vault
from bot.casework.payments import PaymentDetails, note_details, open_payment
from bot.settings import Settings
from tests.casework.payment_builders import NUMBER
from tests.gateway.telegram.bot_api import BotApi
from tests.gateway.telegram.test_telegram_other_messages import origin

ADDRESS = "telegram:1001"


@pytest.mark.usefixtures("telegram")
@pytest.mark.parametrize("fields", [{}, origin("hidden_user", sender_user_name="Caller")])
def test_the_number_of_a_payment_is_kept_in_the_vault_alone(
    api: BotApi,
    rasa: StandInForRasa,
    settings: Settings,
    database: Callable[[], Any],
    fields: dict[str, Any],
) -> None:
    now = datetime.now(UTC)
    with database() as session:
        case = case_for(session, ADDRESS, language="en", now=now)
        payment = open_payment(session, case, now=now)
        ending = PaymentDetails(payee_account_ending=NUMBER[-4:])
        note_details(session, payment, ending, now=now, words="paid")
    api.say(f"I sent it to account {NUMBER}", **fields)
    api.until_sent(1)

    def kept() -> str | None:
        with database() as session:
            if session.scalar(select(PayeeAccount)) is None:
                return None
            [payment] = find_open_case(session, ADDRESS).payments
            vault = Vault(settings.key("vault_key"))
            shown: str | None = vault.show(session, payment, by="test", why="test", now=now)
            return shown

    assert api.until(kept) == NUMBER
    files = b"".join(path.read_bytes() for path in settings.var_dir.glob("secondvoice.db*"))
    assert NUMBER.encode() not in files
    assert NUMBER not in str(rasa.received)
