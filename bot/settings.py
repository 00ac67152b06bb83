"""The only reader of the environment: every setting, its default and its meaning.

Each setting is an environment variable with the prefix ``SECONDVOICE_`` (``SECONDVOICE_PORT=9000``)
or a line of a ``.env`` file in the folder the command is started from.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.casework.tiers import Tiers
from bot.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """All settings of the application environment."""

    model_config = SettingsConfigDict(
        env_prefix="SECONDVOICE_", env_file=".env", extra="ignore", frozen=True
    )

    var_dir: Path = Field(PROJECT_ROOT / "var", description="Database, logs and keys live here.")
    models_dir: Path = Field(PROJECT_ROOT / "models", description="Trained models live here.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in var_dir.")
    bank_file: Path = Field(
        PROJECT_ROOT / "deploy" / "demo-bank.yml",
        description="The bank's names, hotline, emergency numbers and published domains.",
    )
    escalation_file: Path = Field(
        PROJECT_ROOT / "deploy" / "escalation.yml",
        description="Who is asked for help, how fast and how loudly, with the reasons.",
    )
    embedding_file: Path = Field(
        PROJECT_ROOT / "deploy" / "embedding.yml",
        description="Whose pages may show the chat in a frame, by bank.",
    )
    eval_dir: Path = Field(
        PROJECT_ROOT.parent / "shared" / "eval",
        description="Public labelled texts that `secondvoice eval` measures on, where present.",
    )
    demo: bool = Field(False, description="Serve the demo bank page and load the demo data.")

    host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    port: int = Field(8800, ge=1, le=65535, description="Port of the gateway.")
    rasa_port: int = Field(5005, ge=1, le=65535, description="Port of Rasa (loopback only).")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server.")

    public_url: str = Field(
        "", description="Address of the gateway in links; empty means host and port."
    )

    tier_on_call_above: Decimal = Field(
        Decimal(500_000), ge=0, description="Yuan; above it a customer is on call."
    )
    tier_monthly_from: Decimal = Field(
        Decimal(200_000), ge=0, description="Yuan; from it on a customer is visited monthly."
    )
    card_days: int = Field(365, ge=1, le=3650, description="Life of a contact card, days.")

    telegram_token: str = Field("", description="The bot's token; empty: no Telegram.")
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="Ask Telegram for messages, or let it call the gateway."
    )
    telegram_webhook_url: str = Field(
        "", description="Where Telegram calls; empty means public_url and /telegram/webhook."
    )
    telegram_webhook_secret: str = Field(
        "", description="Proves that Telegram is calling; empty: kept in var_dir."
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="The Bot API, or a Bot API server of one's own."
    )

    whatsapp_token: str = Field("", description="Of Meta's Cloud API; empty: no WhatsApp.")
    whatsapp_phone_number_id: str = Field("", description="Meta's id of the bank's number.")
    whatsapp_app_secret: str = Field("", description="Of Meta's app; proves that Meta is calling.")
    whatsapp_verify_token: str = Field(
        "", description="Given to Meta with the webhook's address; empty: kept in var_dir."
    )
    whatsapp_template: str = Field(
        "", description="Template for customers who have not written for 24 hours; empty: none."
    )
    whatsapp_api_url: str = Field(
        "https://graph.facebook.com/v24.0", description="The Graph API with its version."
    )

    secret_key: str = Field("", description="Signs conversation ids; empty: kept in var_dir.")
    bank_key: str = Field("", description="Key with which the bank signs customer tokens.")
    vault_key: str = Field("", description="Encrypts payees' account numbers; kept in var_dir.")
    vault_days: float = Field(30, gt=0, description="Days a payee's account number is kept after.")
    keep_pushed_days: float = Field(
        30, gt=0, description="Days a chat's own messages, and web chats without a case, are kept."
    )
    keep_received_days: float = Field(
        7, ge=3, description="Days what a messenger brought is known; its words go when answered."
    )
    keep_outbox_days: float = Field(
        90, gt=0, description="Days the words of messages are kept after they were sent or dead."
    )
    keep_case_days: float = Field(
        1825, gt=0, description="Days a closed case is kept; then only counts stay."
    )
    conversation_hours: float = Field(
        48, gt=0, description="Life of a conversation id, hours; covers the next morning."
    )
    customer_token_minutes: float = Field(60, gt=0, description="Life of a customer token.")
    frame_ancestors: tuple[str, ...] = Field((), description="Origins that may frame the chat.")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Proxies whose X-Forwarded-For counts."
    )

    webhooks_file: Path = Field(
        PROJECT_ROOT / "deploy" / "webhooks.yml",
        description="The bank's own receivers of messages, by name, and the hosts allowed.",
    )
    delivery_threads: int = Field(32, ge=1, description="Messages under way at once, per worker.")
    delivery_per_receiver: int = Field(
        8, ge=1, description="Messages under way to one receiver at once, per worker."
    )
    delivery_attempts: int = Field(8, ge=1, description="Attempts before a message is dead.")
    delivery_first_wait_seconds: float = Field(
        5, gt=0, description="Wait after the first failed attempt; it doubles each time."
    )
    delivery_lease_seconds: float = Field(
        60, gt=0, description="Time a worker has for one delivery before another may try it."
    )

    answer_seconds: float = Field(2.5, gt=0, description="Longest wait for Rasa's answer.")
    body_bytes: int = Field(32_768, gt=0, description="Largest request body.")
    text_characters: int = Field(4_000, gt=0, description="Longest message of a customer.")
    limit_conversation: str = Field("30/minute", description="Messages of one conversation.")
    limit_address: str = Field("120/minute", description="Messages from one network address.")
    limit_bank: str = Field("6000/minute", description="Messages of one bank's customers.")
    limit_total: str = Field("6000/minute", description="Messages in all.")
    limit_polls: str = Field("60/minute", description="Looks of one chat for new messages.")
    limit_polls_address: str = Field(
        "1200/minute", description="Looks for new messages from one network address."
    )
    poll_seconds: float = Field(
        4, ge=1, description="A chat that cannot listen looks for new messages this often."
    )
    stream_seconds: float = Field(
        1, gt=0, description="For chats that listen, new messages are looked for this often."
    )
    streams: int = Field(2_000, ge=0, description="Chats that may listen at once.")

    @property
    def effective_database_url(self) -> str:
        """The database URL with the default filled in."""
        return self.database_url or f"sqlite:///{self.var_dir / 'secondvoice.db'}"

    @property
    def effective_public_url(self) -> str:
        """The address that links begin with, with the default filled in."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def tiers(self) -> Tiers:
        """The bounds between the tiers of customers."""
        return Tiers(on_call_above=self.tier_on_call_above, monthly_from=self.tier_monthly_from)

    @property
    def rasa_url(self) -> str:
        """Base URL of the Rasa server."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Base URL of the action server."""
        return f"http://127.0.0.1:{self.actions_port}"

    def key(self, name: str) -> str:
        """Return a signing key: the setting where given, otherwise one kept in ``var_dir``.

        Args:
            name: A setting that holds a key, such as ``secret_key``.
        """
        given: str = getattr(self, name)
        return given or _kept_key(self.var_dir / f"{name}.txt")


def variable(name: str) -> str:
    """Return a variable of the environment that a configuration file names, empty if it is not set.

    Args:
        name: The whole name, such as ``SECONDVOICE_OPERATIONS_WEBHOOK_KEY``.
    """
    return os.environ.get(name, "")


@lru_cache
def get_settings() -> Settings:
    """Read the environment once per process.

    Raises:
        ConfigurationError: A variable has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"SECONDVOICE_{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}"
            for item in error.errors()
        )
        raise ConfigurationError(f"Settings cannot be used: {problems}") from error


def _kept_key(path: Path) -> str:
    """Read a key file, making it first with owner-only rights when it is missing.

    Raises:
        ConfigurationError: The file is empty; an empty key would sign for everybody.
    """
    if not path.exists():
        _make_key(path)
    key = path.read_text(encoding="utf-8").strip()
    if not key:
        raise ConfigurationError(f"{path}: the key file is empty; delete it to get a new key.")
    return key


def _make_key(path: Path) -> None:
    """Write a new key beside its place and link it there, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The temporary file is its owner's alone from the start.
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as draft:
        draft.write(secrets.token_urlsafe(32))
        draft.flush()
        os.fsync(draft.fileno())
        # Where another process was faster, its key counts.
        with suppress(FileExistsError):
            os.link(draft.name, path)
