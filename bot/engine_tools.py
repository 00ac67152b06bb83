"""Rasa's own tools, run in the engine environment: shell, conversation tests, data validation."""

from __future__ import annotations

from rich.console import Console

from bot.settings import Settings
from bot.supervisor.parts import all_parts
from bot.supervisor.supervisor import Supervisor
from bot.training import engine_model_path, run_rasa


def rasa_shell(settings: Settings) -> int:
    """Start the action server, then `rasa shell` in this terminal."""
    actions = [part for part in all_parts(settings) if part.name == "actions"]
    with Supervisor(actions, console=Console(stderr=True)) as supervisor:
        supervisor.wait_until_ready(seconds=60)
        model = str(engine_model_path(settings))
        place = ["--interface", "127.0.0.1", "--port", str(settings.rasa_port)]
        return run_rasa(["shell", "--model", model, *place, "--quiet"], settings)


def conversation_tests(settings: Settings) -> int:
    """Run ``tests/conversations`` as spoken text (`rasa test core --e2e`)."""
    return run_rasa(
        [
            "test",
            "core",
            "--e2e",
            "--stories",
            "tests/conversations",
            "--model",
            str(engine_model_path(settings)),
            "--out",
            str(settings.var_dir / "rasa-test"),
            "--fail-on-prediction-errors",
            "--no-plot",
        ],
        settings,
        module="tests.conversations.rasa_without_entities",
    )


def validate_data(settings: Settings) -> int:
    """Run `rasa data validate` over the domain, the rules and the examples."""
    return run_rasa(["data", "validate", "--fail-on-warnings", "--quiet"], settings)
