"""Rasa, the command line and the gateway say the same of the same text, on both Pythons."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway.app import create_app
from bot.gateway.privacy import mask
from bot.gateway.server import make_server
from bot.settings import PROJECT_ROOT, Settings, get_settings
from bot.supervisor.parts import ENGINE_PYTHON
from tests.checking.check_texts import TEXTS, differences
from tests.gateway.gateway_servers import free_port, running

# The component as Rasa makes it, asked as Rasa asks it.
ASK_RASA = """
import json, sys
from rasa.shared.nlu.training_data.message import Message
from bot.nlu.red_flags import RedFlagExtractor

assert sys.version_info[:2] == (3, 10)
component = RedFlagExtractor.create({}, None, None, None)
messages = [Message.build(text) for text in json.loads(sys.stdin.read())]
asked = component.process(messages)
print(json.dumps([message.as_dict(only_output_properties=True) for message in asked]))
"""
# The command on the other Python: the library alone, without Rasa.
ASK_LIBRARY = """
import json, os, sys
from pathlib import Path
from bot.recognition import Recogniser

recogniser = Recogniser.load(Path(os.environ["SECONDVOICE_MODELS_DIR"]) / "recogniser.npz")
texts = json.loads(sys.stdin.read())
print(json.dumps([recogniser.assess(text).to_dict() for text in texts]))
"""


@pytest.fixture(scope="module")
def told_by_command(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path = tmp_path_factory.mktemp("texts") / "texts.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS), "utf-8")
    outcome = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "check", str(path), "--jsonl"],
        capture_output=True,
        cwd=PROJECT_ROOT,
        check=True,
    )
    return [json.loads(line) for line in outcome.stdout.decode().splitlines()]


def test_rasa_says_what_the_command_says(told_by_command: list[dict[str, Any]]) -> None:
    messages = ask_engine(ASK_RASA)
    assert unlike(told_by_command, [message["assessment"] for message in messages]) == {}
    entities = [
        [one["value"] for one in message["entities"] if one["entity"] == "red_flag"]
        for message in messages
    ]
    assert entities == [[flag["id"] for flag in row["red_flags"]] for row in told_by_command]


def test_python_of_the_engine_says_what_the_command_says(
    told_by_command: list[dict[str, Any]],
) -> None:
    assert unlike(told_by_command, ask_engine(ASK_LIBRARY)) == {}


def test_gateway_says_what_the_command_says(
    told_by_command: list[dict[str, Any]], tmp_path: Path
) -> None:
    settings = Settings(
        _env_file=None,
        var_dir=tmp_path,
        port=free_port(),
        limit_address="100000/minute",
        limit_bank="100000/minute",
        limit_total="100000/minute",
    )
    with (
        running(make_server(create_app(settings), settings)),
        httpx.Client(base_url=f"http://127.0.0.1:{settings.port}", trust_env=False) as client,
    ):
        answers = [client.post("/api/check", json={"text": text}) for text in TEXTS]
    assert {answer.status_code for answer in answers} == {200}
    told = [answer.json() for answer in answers]
    for text, row, answer in zip(TEXTS, told_by_command, told, strict=True):
        if mask(text).found:
            for flag in (*row["red_flags"], *answer["red_flags"]):
                flag["quote"] = "a quote in which the gateway masks what is secret"
    assert unlike(told_by_command, told) == {}
    assert [list(answer) for answer in told] == [list(row) for row in told_by_command]
    assert {answer["id"] for answer in told} == {1}


def test_spread_holds_every_level_of_both_languages(told_by_command: list[dict[str, Any]]) -> None:
    seen = {(row["lang"], row["level"]) for row in told_by_command}
    assert {(lang, level) for lang in ("en", "zh") for level in ("clear", "scam")} <= seen
    assert {level for _, level in seen} == {"clear", "unsure", "suspicious", "scam"}
    assert len({row["scripts"][0]["id"] for row in told_by_command if row["scripts"]}) == 24


def ask_engine(code: str) -> list[dict[str, Any]]:
    """Ask about all texts in the engine environment."""
    outcome = subprocess.run(
        [str(ENGINE_PYTHON), "-W", "ignore", "-c", code],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
        env={**os.environ, "SECONDVOICE_MODELS_DIR": str(get_settings().models_dir)},
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    answers: list[dict[str, Any]] = json.loads(outcome.stdout.splitlines()[-1])
    return answers


def unlike(told: list[dict[str, Any]], others: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the texts of which two of them say different things, with the differences."""
    compared = zip(TEXTS, told, others, strict=True)
    found = {text: differences(one, other) for text, one, other in compared}
    return {text: what for text, what in found.items() if what}
