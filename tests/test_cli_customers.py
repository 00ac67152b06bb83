"""The commands about visits, education and cards, run as a person runs them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.casework.card_links import link_by_token, status_of
from bot.casework.database import make_engine, session_factory
from bot.cli import app
from bot.errors import SecondVoiceError
from bot.settings import get_settings
from tests.casework.databases import SqliteFiles

Run = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> str:
    return SqliteFiles(tmp_path).bank()


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("SECONDVOICE_DATABASE_URL", database)
    monkeypatch.setenv("SECONDVOICE_PUBLIC_URL", "https://help.riverside-bank.example/")
    get_settings.cache_clear()

    def run(*words: str, fails: bool = False) -> Result:
        result = CliRunner().invoke(app, list(words))
        assert (result.exit_code != 0) is fails, result.output or result.exception
        return result

    yield run
    get_settings.cache_clear()


def table(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.output)))


def ago(days: int) -> str:
    return str((datetime.now(UTC) - timedelta(days=days)).date())


def test_a_visit_with_its_education_is_recorded_and_then_no_longer_due(run: Run) -> None:
    due = [row["customer"] for row in table(run("visits", "due", "--csv"))]
    assert due == ["C-1002", "C-2002", "C-1003", "C-2003"]
    said = run(
        *("visits", "record", "C-2002", "--on", ago(1), "--note", "told her twice"),
        *("--education", "fake_card_debt", "--education", "safe_account"),
    ).output
    assert said == f"C-2002: visited on {ago(1)} by M-01.\n"
    due = [row["customer"] for row in table(run("visits", "due", "--csv"))]
    assert due == ["C-1002", "C-1003", "C-2003"]
    learned = table(run("education", "list", "C-2002", "--csv"))
    assert [(row["scam_script"], row["by"]) for row in learned] == [
        ("fake_card_debt", "M-01"),
        ("safe_account", "M-01"),
    ]


def test_a_visit_with_an_unknown_scam_leaves_nothing_behind(run: Run) -> None:
    failed = run("visits", "record", "C-2002", "--education", "nonsense", fails=True)
    assert isinstance(failed.exception, SecondVoiceError)
    assert "C-2002" in run("visits", "due", "--csv").output


def test_the_due_list_can_be_read_by_people_for_any_day_and_manager(run: Run) -> None:
    run("visits", "record", "C-1002", "--on", "2024-01-31")
    shown = run("visits", "due", "--by", "M-01", "--on", "2024-03-01", "--on-call").output
    lines = [line.split() for line in shown.splitlines()]
    assert [line[0] for line in lines] == ["customer", "C-2002", "C-1002", "C-1001"]
    assert {"2024-01-31", "2024-02-29", "1"} <= set(lines[2])
    assert "on_call" in lines[3]
    assert run("visits", "due", "--by", "L-01").output == "No visit is due.\n"


def test_education_is_recorded_by_itself(run: Run) -> None:
    assert "nothing recorded yet" in run("education", "list", "C-1001").output
    run("education", "record", "C-1001", "romance", "investment", "--on", ago(3), "--by", "M-02")
    shown = run("education", "list", "C-1001").output
    assert re.findall(r"(\S+) +(\w+) +(M-0\d)", shown) == [
        (ago(3), "investment", "M-02"),
        (ago(3), "romance", "M-02"),
    ]


def test_a_card_is_written_as_files_and_its_link_is_good_until_it_is_revoked(
    run: Run, database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "cards"
    said = run("cards", "make", "C-1001", "--out", str(folder)).output
    assert sorted(path.name for path in folder.iterdir()) == [
        "C-1001-card.html",
        "C-1001-contact-3.0.vcf",
        "C-1001-contact-4.0.vcf",
        "C-1001-contact.svg",
        "C-1001-link.svg",
    ]
    address = re.search(r"https://help\.riverside-bank\.example/card/([\w-]{22})", said)
    assert address
    assert address[0].encode() in (folder / "C-1001-contact-4.0.vcf").read_bytes()
    assert status(database, address[1]) == "valid"
    assert run("cards", "revoke", address[1]).output == "1 card revoked.\n"
    assert status(database, address[1]) == "revoked"
    assert run("cards", "revoke", "C-1001").output == "0 cards revoked.\n"


def test_who_prints_an_address_that_works_on_this_machine_alone_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECONDVOICE_PUBLIC_URL", "")
    get_settings.cache_clear()
    said = run("cards", "make", "C-1001", "--out", str(tmp_path / "cards")).output
    assert "SECONDVOICE_PUBLIC_URL" in said


def test_a_folder_that_cannot_be_written_leaves_no_card_behind(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run("cards", "make", "C-1001", "--out", str(tmp_path / "file" / "cards"), fails=True)
    assert run("cards", "revoke", "C-1001").output == "0 cards revoked.\n"


@pytest.mark.parametrize(
    "command", [("cards", "make"), ("visits", "record"), ("education", "list")]
)
def test_an_unknown_customer_is_named(run: Run, command: tuple[str, ...]) -> None:
    failed = run(*command, "C-9999", fails=True)
    assert "C-9999" in str(failed.exception)


def status(database: str, token: str) -> str:
    engine = make_engine(database)
    with session_factory(engine)() as session:
        found = status_of(link_by_token(session, token), now=datetime.now(UTC))
    engine.dispose()
    return found
