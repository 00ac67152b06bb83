"""``secondvoice privacy``: give a customer all that is held of him, or erase it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_database import transaction
from bot.errors import DataError

if TYPE_CHECKING:
    pass

app = typer.Typer(help="What is held of a customer: export and erase it.", no_args_is_help=True)

Customer = Annotated[str, typer.Argument(help="The customer's code.")]


def register(program: typer.Typer) -> None:
    """Add these commands to the program."""
    program.add_typer(app, name="privacy")


@app.command()
def export(
    customer: Customer,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A file of the owner's alone.")
    ] = None,
) -> None:
    """Write everything that is held of a customer as JSON."""
    from bot.casework.exporting import export_customer

    with transaction() as session:
        held = export_customer(session, customer, now=datetime.now(UTC))
    text = json.dumps(held, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    _write_for_owner(out, text)
    typer.echo(f"{out}: written")


@app.command()
def erase(
    customer: Customer,
    yes: Annotated[bool, typer.Option("--yes", help="Really; nothing brings it back.")] = False,
    force: Annotated[
        str | None, typer.Option(metavar="REASON", help="Erase although a case is open, and why.")
    ] = None,
) -> None:
    """Erase a customer with all that is held of him; counts and the record of it stay."""
    from bot.casework.erasing import erase_customer

    if not yes:
        raise DataError(
            [f"Erasing {customer} cannot be undone; export it first, then say it again with --yes."]
        )
    with transaction(writing=True) as session:
        record = erase_customer(session, customer, now=datetime.now(UTC), force_reason=force)
        rows = sum(record.counts["rows"].values()) + 1
    typer.echo(f"{customer}: {rows} rows erased; the erasure is recorded under number {record.id}.")
    typer.echo("Rasa's memory of his talks ends with its process; restart it to end it now.")


@app.command(name="erasures")
def list_erasures(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
) -> None:
    """List erasures, the newest first."""
    from sqlalchemy import select

    from bot.casework.models import Erasure

    with transaction() as session:
        found = session.scalars(select(Erasure).order_by(Erasure.id.desc()).limit(limit)).all()
    for one in found:
        rows = sum(one.counts["rows"].values())
        what = one.customer_code or one.kind
        typer.echo(f"{one.id}\t{one.at:%Y-%m-%d %H:%M} UTC\t{what}\t{rows} rows\t{one.reason}")


def _write_for_owner(path: Path, text: str) -> None:
    """Write a file that nobody else may read, also where a wider one stood there before."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
