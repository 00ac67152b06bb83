"""What the parts of the product are: their commands, environments and signs of readiness."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bot.errors import ConfigurationError, ModelError
from bot.settings import PROJECT_ROOT, Settings

ENGINE_PYTHON = PROJECT_ROOT / "engine" / ".venv" / "bin" / "python"
# Old pinned libraries run in the Rasa process; it does without our keys and passwords.
KEPT_FROM_RASA = re.compile(r"SECONDVOICE_\w*(KEY|TOKEN|SECRET|PASSWORD|DATABASE_URL)")
NOT_INHERITED = ("PYTHONHOME", "VIRTUAL_ENV")  # They speak of the app environment.
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - Named to be replaced.


@dataclass(frozen=True)
class Part:
    """One process that the supervisor keeps alive.

    Args:
        name: What people call it, in the log and in messages.
        command: Program and arguments.
        env: The whole environment of the process.
        probes: URLs that all answer 200 once the part is ready; without any, a part is ready when
            it has lived for a moment.
        folder: Where it is started.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    probes: tuple[str, ...] = field(default=(), repr=False)
    folder: Path = PROJECT_ROOT


def all_parts(settings: Settings) -> tuple[Part, ...]:
    """Return the product's parts in the order in which they start.

    Raises:
        ConfigurationError: The engine environment is missing.
        ModelError: No model has been trained yet.
    """
    env = settings_environment(settings)
    return (
        rasa_part(port=settings.rasa_port, model=newest_model(settings.models_dir), env=env),
        _app_part("actions", "actions", env, probe=f"{settings.actions_url}/health"),
        _app_part("gateway", "bot.gateway", env, probe=f"{gateway_url(settings)}/healthz"),
        _app_part("worker", "bot.worker", env),
        *_telegram_part(settings, env),
    )


def rasa_part(
    *, port: int, model: Path, env: Mapping[str, str], project: Path = PROJECT_ROOT
) -> Part:
    """Describe a Rasa server on the loopback interface.

    Its HTTP interface is switched on for ``/status``, which alone tells a loaded model from a
    missing one, and is locked with a key that lives as long as the server.

    Args:
        port: Its port.
        model: The trained model, a ``.tar.gz`` file.
        env: The environment to start from; what Rasa need not know is taken out.
        project: The folder with ``endpoints.yml`` and ``credentials.yml``.

    Raises:
        ConfigurationError: The engine environment is missing.
    """
    if not ENGINE_PYTHON.exists():
        raise ConfigurationError(
            f"{ENGINE_PYTHON} is missing: the Rasa environment is not made yet. Run `make setup`."
        )
    token = secrets.token_urlsafe(24)
    command = (
        *(str(ENGINE_PYTHON), "-m", "rasa", "run"),
        *("--interface", "127.0.0.1", "--port", str(port)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        *("--model", str(model)),
        *("--enable-api", f"--auth-token={token}"),  # One word: a token may begin with a hyphen.
    )
    url = f"http://127.0.0.1:{port}"
    probes = (f"{url}/", f"{url}/status?token={token}")
    return Part("rasa", command, rasa_environment(env, project=project), probes, project)


def rasa_environment(env: Mapping[str, str], *, project: Path = PROJECT_ROOT) -> dict[str, str]:
    """Return the environment for a Rasa command: quiet, without telemetry and without keys.

    Args:
        env: The environment to start from.
        project: The folder from which Rasa imports components of its own.
    """
    quiet = {
        "PYTHONPATH": str(project),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    inherited = {
        name: value
        for name, value in env.items()
        if name not in NOT_INHERITED and not KEPT_FROM_RASA.match(name)
    }
    return inherited | quiet


def settings_environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with every setting written out.

    A part reads the same settings then, whatever folder and ``.env`` file it starts with.
    """
    written = {
        f"{settings.model_config['env_prefix']}{name}".upper(): _as_text(getattr(settings, name))
        for name in type(settings).model_fields
    }
    python = {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    return dict(os.environ) | written | python


def newest_model(folder: Path) -> Path:
    """Return the model that was trained last.

    Raises:
        ModelError: There is none.
    """
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise ModelError(f"There is no trained model in {folder}. Run `make train`.")
    return models[-1].resolve()


def gateway_url(settings: Settings) -> str:
    """Return the gateway's address as seen from this machine."""
    host = ANY_ADDRESS.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _telegram_part(settings: Settings, env: Mapping[str, str]) -> tuple[Part, ...]:
    """Describe the part that asks Telegram for messages, where it is to be asked."""
    if not settings.telegram_token or settings.telegram_mode != "polling":
        return ()
    return (_app_part("telegram", "bot.gateway.telegram", env),)


def _app_part(name: str, module: str, env: Mapping[str, str], *, probe: str = "") -> Part:
    """Describe a part that runs in this environment."""
    return Part(name, (sys.executable, "-m", module), env, (probe,) if probe else ())


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Path):
        return str(value.resolve())
    if isinstance(value, str | Decimal):
        return str(value)
    return json.dumps(value)
