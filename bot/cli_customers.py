"""``secondvoice visits``, ``education`` and ``cards``: how the bank cares for its customers."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import DataError
from bot.settings import Settings, get_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

visits_app = typer.Typer(help="Visits to customers: made and due.", no_args_is_help=True)
education_app = typer.Typer(
    help="Lessons about scams, and what customers have learned.", no_args_is_help=True
)
cards_app = typer.Typer(help="Contact cards of customers.", no_args_is_help=True)

Customer = Annotated[str, typer.Argument(help="The customer's code.")]
On = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today when left out.")
]
By = Annotated[str | None, typer.Option(help="Code of the account manager.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")]

DUE_COLUMNS = (
    *("customer", "name", "tier", "manager", "last_visit", "due", "days_overdue", "mobile"),
)
_PIPE_COLUMNS = 200
EDUCATION_COLUMNS = ("day", "scam_script", "by", "how")


def register(app: typer.Typer) -> None:
    """Add the commands of this module.

    Args:
        app: The whole command line.
    """
    app.add_typer(visits_app, name="visits")
    app.add_typer(education_app, name="education")
    app.add_typer(cards_app, name="cards")


@visits_app.command(name="record")
def record_visit(
    customer: Customer,
    on: On = None,
    by: By = None,
    note: Annotated[str, typer.Option(help="What is worth knowing.")] = "",
    education: Annotated[
        list[str] | None, typer.Option(help="Scam script explained; may be given several times.")
    ] = None,
) -> None:
    """Record that somebody has been to see a customer."""
    from bot.casework import education as lessons
    from bot.casework import visits

    now, known = _now(), _known_topics() if education else ()
    with _session() as session:
        day = _day(session, customer, on, now=now)
        visit = visits.record_visit(session, customer, day=day, by=by, note=note, now=now)
        visitor = visit.account_manager.code
        if education:
            lessons.record_education(
                session, customer, education, known=known, day=day, by=visitor, now=now
            )
    typer.echo(f"{customer}: visited on {day} by {visitor}.")


@visits_app.command(name="due")
def due_visits(
    by: By = None,
    on: On = None,
    on_call: Annotated[
        bool, typer.Option("--on-call", help="List customers on call too, with the last visit.")
    ] = False,
    as_csv: AsCsv = False,
) -> None:
    """List the visits that are due, the most overdue first."""
    from bot.casework.visits import due_visits as due

    with _session() as session:
        day = on.date() if on else None
        found = due(session, now=_now(), on=day, by=by, with_on_call=on_call)
        rows = [
            (
                visit.customer.code,
                visit.customer.name,
                visit.tier,
                visit.manager.code,
                str(visit.last or "never"),
                str(visit.due or ""),
                str(visit.overdue) if visit.due else "",
                visit.manager.mobile,
            )
            for visit in found
        ]
    _show(DUE_COLUMNS, rows, as_csv=as_csv, nothing="No visit is due.")


@education_app.command(name="record")
def record_education(
    customer: Customer,
    scripts: Annotated[list[str], typer.Argument(help="Ids of scam scripts.")],
    on: On = None,
    by: By = None,
) -> None:
    """Record which scams a customer has been told about."""
    from bot.casework import education as lessons

    now, known = _now(), _known_topics()
    with _session() as session:
        day = _day(session, customer, on, now=now)
        lessons.record_education(session, customer, scripts, known=known, day=day, by=by, now=now)
    typer.echo(f"{customer}: told on {day} about {', '.join(scripts)}.")


@education_app.command(name="list")
def list_education(customer: Customer, as_csv: AsCsv = False) -> None:
    """List what a customer has been told about."""
    from bot.casework.education import education_of

    with _session() as session:
        rows = [
            (
                str(row.day),
                row.topic,
                row.account_manager.code if row.account_manager else "",
                row.how,
            )
            for row in education_of(session, customer)
        ]
    _show(EDUCATION_COLUMNS, rows, as_csv=as_csv, nothing=f"{customer}: nothing recorded yet.")


@cards_app.command(name="make")
def make_card(
    customer: Customer,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the files.")] = Path(),
) -> None:
    """Make a customer's contact card: a sheet to print, vCards and codes."""
    from bot.bank import load_bank
    from bot.casework.card_links import issue_link, last_day
    from bot.casework.care import customer_by_code
    from bot.contact_cards.making import Place, card_files

    settings, now = get_settings(), _now()
    with _session(settings) as session:
        row = customer_by_code(session, customer)
        link = issue_link(session, row, days=settings.card_days, now=now)
        place = Place(
            public_url=settings.effective_public_url,
            token=link.token,
            made=now,
            last_day=last_day(link),
        )
        files = card_files(row, load_bank(settings.bank_file), place)
        # The link counts only with the files: where they cannot be written, nothing is kept.
        _write_files(out, files, prefix=customer)
    typer.echo(f"{customer}: card good until {place.last_day}; its page is {place.url}")
    if not settings.public_url:
        typer.echo(
            "Set SECONDVOICE_PUBLIC_URL before you print: this address works on this machine alone."
        )


@cards_app.command(name="revoke")
def revoke_card(
    which: Annotated[str, typer.Argument(help="A customer's code, or the token of one card.")],
) -> None:
    """Make a card, or all cards of a customer, worthless at once."""
    from bot.casework.card_links import revoke_links

    with _session() as session:
        count = revoke_links(session, which, now=_now())
    typer.echo(f"{count} cards revoked." if count != 1 else "1 card revoked.")


def _write_files(folder: Path, files: dict[str, bytes], *, prefix: str) -> None:
    # A code is the bank's own text; in a file name it must not lead elsewhere.
    safe = re.sub(r"[^\w-]", "_", prefix)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / f"{safe}-{name}"
            path.write_bytes(content)
            typer.echo(str(path))
    except OSError as error:
        raise DataError([f"{folder}: cannot be written: {error}"]) from error


def _known_topics() -> Collection[str]:
    from bot.recognition.catalogue import load_catalogue

    return load_catalogue().scripts.keys()


def _day(session: Session, customer: str, on: datetime | None, *, now: datetime) -> date:
    from bot.casework.care import customer_by_code, today_at

    return on.date() if on else today_at(customer_by_code(session, customer).branch, now)


def _show(
    columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, as_csv: bool, nothing: str
) -> None:
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([columns, *(map(_plain, row) for row in rows)])
        return
    if not rows:
        typer.echo(nothing)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    # A pipe has no width; what is broken or cut off there could not be read by a program.
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    Console(width=width).print(table)


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "@", "-") else cell


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _session(settings: Settings | None = None) -> Iterator[Session]:
    """Open a session on the migrated database: all of the work is kept, or none."""
    from bot.casework.database import check_migrated, make_engine, session_factory

    settings = settings or get_settings()
    url = settings.effective_database_url
    check_migrated(url)
    engine = make_engine(url)
    try:
        with session_factory(engine, tiers=settings.tiers).begin() as session:
            yield session
    finally:
        engine.dispose()
