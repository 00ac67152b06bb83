"""The gateway's parts, put together in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from bot.bank import Bank, load_bank
from bot.casework.database import make_engine, session_factory
from bot.casework.payee_accounts import Vault
from bot.counsel.static import safe_answer
from bot.gateway.checker import Checker, make_checker
from bot.gateway.customers import Customers
from bot.gateway.embedding import Embedding, load_embedding
from bot.gateway.limits import Limits
from bot.gateway.masking.phones import keep_readable
from bot.gateway.payee_numbers import PayeeNumbers
from bot.gateway.rasa import RasaClient
from bot.gateway.strings import Strings
from bot.gateway.tokens import ConversationTokens, CustomerTokens
from bot.gateway.turns import Turns
from bot.gateway.watching import Watching
from bot.gateway.web_channel import WebChannel
from bot.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Everything that a request may need."""

    settings: Settings
    bank: Bank
    embedding: Embedding
    strings: Strings
    conversations: ConversationTokens
    web: WebChannel
    customer_tokens: CustomerTokens
    customers: Customers
    limits: Limits
    rasa: RasaClient
    turns: Turns
    payee_numbers: PayeeNumbers
    checker: Checker
    watching: Watching
    engine: Engine
    now: Callable[[], datetime]

    async def close(self) -> None:
        """Let go of connections."""
        await self.payee_numbers.finish()
        await self.rasa.close()
        self.engine.dispose()


def utc_now() -> datetime:
    """Return the present moment, aware."""
    return datetime.now(UTC)


def wire(
    settings: Settings, *, now: Callable[[], datetime] = utc_now, checks: bool = True
) -> Gateway:
    """Make the gateway's parts from the settings.

    Args:
        settings: All settings.
        now: The clock; aware UTC.
        checks: Whether the process serves the check API, for which it needs a recogniser.

    Raises:
        ConfigurationError: A setting or the bank's file cannot be used.
    """
    bank = load_bank(settings.bank_file)
    keep_readable(bank.published_phones)
    strings = Strings(bank)
    rasa = RasaClient(settings.rasa_url, seconds=settings.answer_seconds)
    engine = make_engine(settings.effective_database_url)
    conversations = ConversationTokens(
        settings.key("secret_key"),
        bank=bank.key,
        life=timedelta(hours=settings.conversation_hours),
        now=now,
    )
    return Gateway(
        settings=settings,
        bank=bank,
        embedding=load_embedding(settings.embedding_file),
        strings=strings,
        conversations=conversations,
        web=WebChannel(conversations, longest=settings.text_characters),
        customer_tokens=CustomerTokens(
            settings.key("bank_key"),
            life=timedelta(minutes=settings.customer_token_minutes),
            now=now,
        ),
        customers=Customers(session_factory(engine, tiers=settings.tiers), now=now),
        limits=Limits(settings, bank=bank.key),
        rasa=rasa,
        turns=Turns(
            rasa,
            seconds=settings.answer_seconds,
            safe_answer=lambda language: safe_answer(language, bank),
        ),
        payee_numbers=PayeeNumbers(
            session_factory(engine, tiers=settings.tiers),
            lambda: Vault(settings.key("vault_key")),
            bank,
            now=now,
        ),
        checker=make_checker(settings) if checks else Checker(None),
        watching=Watching(engine, seconds=settings.stream_seconds, most=settings.streams),
        engine=engine,
        now=now,
    )
