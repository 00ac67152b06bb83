"""The only reader of the environment: every setting, its default and its meaning.

Each setting is an environment variable with the prefix ``SECONDVOICE_`` (``SECONDVOICE_PORT=9000``)
or a line of a ``.env`` file in the folder the command is started from.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    eval_dir: Path = Field(
        PROJECT_ROOT.parent / "shared" / "eval",
        description="Public labelled texts that `secondvoice eval` measures on, where present.",
    )
    demo: bool = Field(False, description="Serve the demo bank page and load the demo data.")

    host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    port: int = Field(8800, ge=1, le=65535, description="Port of the gateway.")
    rasa_port: int = Field(5005, ge=1, le=65535, description="Port of Rasa (loopback only).")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server.")

    secret_key: str = Field("", description="Signs conversation ids; empty: kept in var_dir.")
    bank_key: str = Field("", description="Key with which the bank signs customer tokens.")
    vault_key: str = Field("", description="Encrypts payees' account numbers; kept in var_dir.")
    vault_days: float = Field(30, gt=0, description="Days a payee's account number is kept after.")
    conversation_hours: float = Field(24, gt=0, description="Life of a conversation id, hours.")
    customer_token_minutes: float = Field(60, gt=0, description="Life of a customer token.")
    frame_ancestors: tuple[str, ...] = Field((), description="Origins that may frame the chat.")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Proxies whose X-Forwarded-For counts."
    )

    answer_seconds: float = Field(2.5, gt=0, description="Longest wait for Rasa's answer.")
    body_bytes: int = Field(32_768, gt=0, description="Largest request body.")
    text_characters: int = Field(4_000, gt=0, description="Longest message of a customer.")
    limit_conversation: str = Field("30/minute", description="Messages of one conversation.")
    limit_address: str = Field("120/minute", description="Messages from one network address.")
    limit_total: str = Field("6000/minute", description="Messages in all.")

    @property
    def effective_database_url(self) -> str:
        """The database URL with the default filled in."""
        return self.database_url or f"sqlite:///{self.var_dir / 'secondvoice.db'}"

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
            name: ``secret_key`` or ``bank_key``.
        """
        given: str = getattr(self, name)
        return given or _kept_key(self.var_dir / f"{name}.txt")


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
