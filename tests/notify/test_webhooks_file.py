"""The file that names the bank's webhooks: everything wrong with it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.notify.webhook import Webhook
from bot.notify.webhooks_file import load_webhooks
from bot.settings import PROJECT_ROOT

KEY = "k" * 32
VARIABLES = {"SECONDVOICE_OPERATIONS_KEY": KEY, "SECONDVOICE_SHORT_KEY": "hunter2"}
GOOD = """
hosts: [hooks.bank.example, localhost]
webhooks:
  operations:
    url: https://hooks.bank.example/second-voice
    key_variable: SECONDVOICE_OPERATIONS_KEY
    networks: [10.20.0.0/16]
"""
BAD = """
hosts: [hooks.bank.example]
webhooks:
  stranger:
    url: https://elsewhere.example/
    key_variable: SECONDVOICE_OPERATIONS_KEY
  plain:
    url: http://hooks.bank.example/
    key_variable: SECONDVOICE_OPERATIONS_KEY
  ftp:
    url: ftp://hooks.bank.example/
    key_variable: SECONDVOICE_OPERATIONS_KEY
  weak:
    url: https://user:hunter2@hooks.bank.example/
    key_variable: SECONDVOICE_SHORT_KEY
  keyless:
    url: https://hooks.bank.example/
  wrong_variable:
    url: https://hooks.bank.example:port/
    key_variable: PATH
  wrong_network:
    url: https://hooks.bank.example/
    key_file: missing.txt
    networks: [inside]
  Capital:
    url: https://hooks.bank.example/
    key_variable: SECONDVOICE_OPERATIONS_KEY
"""


def load(folder: Path, text: str) -> dict[str, Webhook]:
    path = folder / "webhooks.yml"
    path.write_text(text, encoding="utf-8")
    return load_webhooks(path, variable=lambda name: VARIABLES.get(name, ""))


def test_a_webhook_gets_its_key_from_the_environment(tmp_path: Path) -> None:
    [webhook] = load(tmp_path, GOOD).values()
    assert (webhook.name, webhook.key) == ("operations", KEY)
    assert [str(network) for network in webhook.networks] == ["10.20.0.0/16"]


def test_a_webhook_gets_its_key_from_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{KEY}\n", encoding="utf-8")
    text = GOOD.replace("key_variable: SECONDVOICE_OPERATIONS_KEY", "key_file: key.txt")
    assert load(tmp_path, text)["operations"].key == KEY


def test_a_webhook_shows_neither_its_key_nor_its_address(tmp_path: Path) -> None:
    shown = repr(load(tmp_path, GOOD))
    assert KEY not in shown
    assert "second-voice" not in shown


def test_a_bank_without_webhooks_needs_no_file(tmp_path: Path) -> None:
    assert load_webhooks(tmp_path / "none.yml", variable=str) == {}
    assert load(tmp_path, "") == {}


def test_the_delivered_file_can_be_read_and_its_example_is_right(tmp_path: Path) -> None:
    delivered = (PROJECT_ROOT / "deploy" / "webhooks.yml").read_text(encoding="utf-8")
    assert load(tmp_path, delivered) == {}
    with pytest.raises(ConfigurationError, match="the key is missing"):
        load(tmp_path, _with_example(delivered))


def test_all_problems_are_told_at_once_and_no_key_is_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, BAD)
    told = str(caught.value)
    assert "hunter2" not in told
    found = [line.partition("webhooks.yml: webhooks.")[2] for line in told.splitlines()]
    assert found == [
        'stranger: the host "elsewhere.example" is not in "hosts"; add it there if it is right',
        "plain: http is only for a receiver on this machine: use https, or name its network",
        "ftp: url must begin with https:// and a host",
        "weak: url holds a user or password; the signature says who is calling",
        "weak: the key is missing or has fewer than 32 characters",
        "keyless: give either key_variable or key_file",
        "wrong_variable: url cannot be read",
        "wrong_variable: key_variable must begin with SECONDVOICE_ and end with KEY",
        'wrong_network: networks: "inside" is not a network such as 10.20.0.0/16',
        f"wrong_network: key_file {tmp_path / 'missing.txt'} cannot be read",
        "Capital: a name is lower-case letters, digits, hyphens and underscores",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("webhooks: [a", "not valid YAML in line 1"),
        ("webhooks: {a: {url: x, key: hunter2}}", "webhooks.a.key: Extra inputs"),
        ("hooks: {}", "hooks: Extra inputs"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        load(tmp_path, text)
    assert "hunter2" not in str(caught.value)


def _with_example(delivered: str) -> str:
    """Take the example out of its comments, as the reader of the file does."""
    lines = []
    for line in delivered.splitlines():
        if line.startswith(("hosts:", "webhooks:")):
            lines.append(line.partition(":")[0] + ":")
        elif line.startswith("#  "):
            lines.append(
                line[1:].replace("# key_file", "#key_file").replace("# networks", "networks")
            )
    return "\n".join(lines)
