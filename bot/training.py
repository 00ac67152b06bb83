"""Makes the models when what they are made from has changed, and only then."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import ModelError
from bot.recognition.artefact import save, trained_from
from bot.recognition.catalogue import digest, source_files
from bot.settings import PROJECT_ROOT, Settings
from bot.supervisor.parts import ENGINE_PYTHON, rasa_environment

_ENGINE_FILES = ("config.yml", "domain.yml", "engine/requirements.lock")
_ENGINE_FOLDERS = (("data", "*.yml"), ("bot/nlu", "*.py"), ("bot/recognition", "*.py"))

Say = Callable[[str], None]


def train_what_is_stale(settings: Settings, *, force: bool = False, say: Say = print) -> None:
    """Train the recogniser and Rasa's model where their sources have changed.

    Args:
        settings: Where models live.
        force: Train both whatever has changed.
        say: Takes a line of progress.

    Raises:
        DataError: The scam scripts have problems.
        ModelError: Rasa could not be trained; the message ends with what it said.
    """
    if force or recogniser_is_stale(settings):
        _train_recogniser(settings, say=say)
    if force or engine_is_stale(settings):
        _train_engine(settings, say=say)


def recogniser_path(settings: Settings) -> Path:
    """Return where the recogniser's artefact is kept."""
    return settings.models_dir / "recogniser.npz"


def engine_model_path(settings: Settings) -> Path:
    """Return where Rasa's model is kept."""
    return settings.models_dir / "engine.tar.gz"


def recogniser_is_stale(settings: Settings) -> bool:
    """Whether the scam scripts, the honest speech or the code have changed since training."""
    return trained_from(recogniser_path(settings)) != digest(source_files())


def engine_is_stale(settings: Settings) -> bool:
    """Whether Rasa's files or the recogniser have changed since Rasa's model was trained."""
    if not engine_model_path(settings).exists():
        return True
    try:
        stamp = json.loads(_stamp(settings).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return True
    return bool(stamp.get("digest") != _engine_digest(settings))


def run_rasa(
    arguments: Sequence[str], settings: Settings, *, quiet: bool = False, module: str = "rasa"
) -> int:
    """Run one Rasa command in the engine environment, in the project's folder.

    Args:
        arguments: What follows ``rasa``.
        settings: Ports that Rasa's files refer to.
        quiet: Keep the output unless the command fails.
        module: The Python module that is Rasa's command, or a thin wrapper around it.

    Raises:
        ModelError: ``quiet``, and the command failed.
    """
    env = rasa_environment(dict(os.environ))
    env["SECONDVOICE_ACTIONS_PORT"] = str(settings.actions_port)
    env["SECONDVOICE_MODELS_DIR"] = str(settings.models_dir)
    command = [str(ENGINE_PYTHON), "-m", module, *arguments]
    outcome = subprocess.run(  # noqa: S603 - a fixed command of our own
        command, cwd=PROJECT_ROOT, env=env, check=False, capture_output=quiet, text=True
    )
    if quiet and outcome.returncode:
        tail = "\n".join((outcome.stdout + outcome.stderr).splitlines()[-20:])
        raise ModelError(f"`rasa {' '.join(arguments[:2])}` failed:\n{tail}")
    return outcome.returncode


def _train_recogniser(settings: Settings, *, say: Say) -> None:
    from bot.recognition.training import train  # Needs scikit-learn: for training only.

    say("Training the recogniser …")
    started = time.monotonic()
    artefact = train()
    save(artefact, recogniser_path(settings))
    say(
        f"Recogniser trained in {time.monotonic() - started:.0f} s: "
        f"{len(artefact.knowledge['scripts'])} scam scripts, "
        f"{len(artefact.vocabulary.index):,} features."
    )


def _train_engine(settings: Settings, *, say: Say) -> None:
    say("Training Rasa's model …")
    started = time.monotonic()
    model = engine_model_path(settings)
    arguments = ["train", "--out", str(model.parent), "--fixed-model-name", model.name[:-7]]
    run_rasa([*arguments, "--quiet"], settings, quiet=True)
    _stamp(settings).write_text(json.dumps({"digest": _engine_digest(settings)}), encoding="utf-8")
    say(f"Rasa's model trained in {time.monotonic() - started:.0f} s.")


def _stamp(settings: Settings) -> Path:
    return settings.models_dir / "engine.json"


def _engine_digest(settings: Settings) -> str:
    files = [PROJECT_ROOT / name for name in _ENGINE_FILES]
    for folder, pattern in _ENGINE_FOLDERS:
        files += sorted((PROJECT_ROOT / folder).rglob(pattern))
    return f"{digest(files)}:{trained_from(recogniser_path(settings))}"
