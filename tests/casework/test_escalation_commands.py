"""``secondvoice cases …`` on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from bot.casework.database import make_engine, session_factory
from bot.casework.escalations import escalate
from bot.casework.models import Case, OutboxMessage
from bot.cli import app
from bot.errors import ConflictError, NotFoundError
from bot.settings import get_settings
from tests.casework.builders import open_case

Run = Callable[..., str]


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("SECONDVOICE_DATABASE_URL", url)
    monkeypatch.setenv("SECONDVOICE_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    get_settings.cache_clear()

    def invoke(*arguments: str) -> str:
        outcome = CliRunner().invoke(app, ["cases", *arguments])
        if outcome.exception is not None:
            raise outcome.exception
        return outcome.output

    yield invoke
    get_settings.cache_clear()


@pytest.fixture
def reference(url: str) -> Iterator[str]:
    engine = make_engine(url)
    sessions: sessionmaker[Session] = session_factory(engine)
    with sessions.begin() as session:
        case = open_case(session, exposure="engaged")
        escalate(session, case, reason="engaged", now=datetime.now(UTC))
        found = case.reference
    yield found
    engine.dispose()


def test_the_list_names_cases_and_codes_but_no_customers(run: Run, reference: str) -> None:
    for listed in (run("list"), run("list", "--unread")):
        assert reference in listed
        assert "C-1001" in listed
        assert "pending" in listed
        assert "陈伟" not in listed


def test_a_case_is_shown_with_its_summary_who_was_asked_and_its_timeline(
    run: Run, reference: str
) -> None:
    shown = run("show", reference.lower())
    assert "Customer: Chen Wei (C-1001)" in shown
    assert "Script: " in shown
    assert "manager: M-01, until" in shown
    assert "escalated" in shown
    assert "客户：陈伟" in run("show", reference, "--language", "zh")


def test_acknowledging_and_closing_ends_a_case(
    run: Run, reference: str, sessions: sessionmaker[Session]
) -> None:
    with pytest.raises(ConflictError, match="unread"):
        run("close", reference, "--outcome", "prevented")
    assert "read by M-02 at" in run("acknowledge", reference, "--by", "M-02")
    assert "read by M-02 at" in run("acknowledge", reference, "--by", "D-01")
    assert "closed, prevented" in run("close", reference, "--outcome", "prevented")
    with sessions() as session:
        assert session.scalars(select(Case)).one().status == "closed"
        pushes = select(OutboxMessage).where(OutboxMessage.method == "chat")
        assert len(session.scalars(pushes).all()) == 1
    assert reference not in run("list")
    assert f"{reference} (prevented)" in run("list", "--closed")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("show", "SV-NOPE22"), "SV-NOPE22"),
        (("acknowledge", "SV-NOPE22", "--by", "M-01"), "SV-NOPE22"),
        (("digest", "--branch", "B-99"), "B-99"),
    ],
)
def test_what_does_not_exist_is_named(run: Run, arguments: tuple[str, ...], named: str) -> None:
    with pytest.raises(NotFoundError, match=named):
        run(*arguments)


def test_the_digest_of_a_day_is_printed(run: Run, reference: str) -> None:
    tomorrow = f"{datetime.now(UTC).date().replace(year=datetime.now(UTC).year + 1)}"
    assert "New cases: 0" in run("digest", "--branch", "B-01", "--day", tomorrow)
    assert "Old Ferry Branch" in run("digest")
    assert "24小时" in run("digest", "--language", "zh")
    assert reference
