"""``secondvoice payments``: what left, what the clock shows, and how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.models import OutboxMessage, Payment
from bot.casework.payee_accounts import Vault
from bot.settings import Settings
from tests.casework.builders import EVENING
from tests.casework.payment_builders import NUMBER, paid
from tests.casework.test_packets import VALID

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(url: str, tmp_path: Path) -> Run:
    def run_command(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "SECONDVOICE_DATABASE_URL": url,
            "SECONDVOICE_VAR_DIR": str(tmp_path / "var"),
        }
        code = "import sys; from bot.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", code, "payments", *words]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    return run_command


@pytest.fixture
def reference(sessions: sessionmaker[Session], tmp_path: Path) -> str:
    """A case with a payment whose payee's number is kept and was seen once."""
    vault = Vault(Settings(_env_file=None, var_dir=tmp_path / "var").key("vault_key"))
    with sessions.begin() as session:
        payment = paid(session)
        vault.keep(session, payment, NUMBER, now=EVENING)
        vault.show(session, payment, by="OPS", why="packet page", now=EVENING)
        return payment.case.reference


def test_show_tells_what_the_clock_shows_and_who_saw_the_number_but_never_the_number(
    run: Run, reference: str
) -> None:
    outcome = run("show", reference)
    assert outcome.returncode == 0, outcome.stderr
    assert "1,700,000" in outcome.stdout
    assert "Cancel inside the bank" in outcome.stdout
    assert "by OPS: packet page" in outcome.stdout
    assert NUMBER not in outcome.stdout
    as_json = run("show", reference, "--json")
    VALID.validate(json.loads(as_json.stdout))
    assert NUMBER not in as_json.stdout


def test_end_is_recorded_once_and_for_all_to_see(
    run: Run, reference: str, sessions: sessionmaker[Session]
) -> None:
    assert reference in run("list").stdout
    ended = run("end", reference, "--outcome", "partly-stopped", "--stopped", "500,000")
    assert ended.returncode == 0, ended.stderr
    assert "partly_stopped; the customer is told" in ended.stdout
    assert reference not in run("list").stdout
    assert "partly_stopped 500,000.00" in run("list", "--ended").stdout
    with sessions() as session:
        assert session.scalars(select(Payment)).one().closed is not None
        kinds = {key.partition(":")[0] for key in session.scalars(select(OutboxMessage.dedupe_key))}
        assert {"packet", "outcome"} <= kinds


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("end", "SV-NOBODY", "--outcome", "lost"), "No case has the reference"),
        (("end", "{reference}", "--outcome", "gone"), "no outcome"),
        (("end", "{reference}", "--outcome", "partly_stopped"), "say how much"),
        (("end", "{reference}", "--outcome", "stopped", "--stopped", "much"), "not a number"),
        (("show", "{reference}", "--payment", "99"), "name one with --payment"),
        (("show", "{reference}", "--language", "fr"), "choose one of en, zh"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_makes_no_sense_is_refused_with_what_to_do(
    run: Run, reference: str, words: tuple[str, ...], what: str
) -> None:
    outcome = run(*(word.format(reference=reference) for word in words))
    assert outcome.returncode == 2
    assert what in outcome.stderr
    assert "Traceback" not in outcome.stderr
