"""``secondvoice outbox …``: what is owed, what could not be delivered, and trying it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli_database import transaction
from bot.errors import DataError

if TYPE_CHECKING:
    from bot.casework.outbox_desk import Listed

app = typer.Typer(help="Messages that are owed to people of the bank.", no_args_is_help=True)

_COLOURS = {"dead": "red", "pending": "yellow", "sent": "green"}
_TIME = "%Y-%m-%d %H:%M:%S"
#: Wide enough for a file or another program to get each message in one line.
_PIPE_COLUMNS = 200


def register(program: typer.Typer) -> None:
    """Add these commands to the program."""
    program.add_typer(app, name="outbox")


@app.command(name="list")
def list_messages(
    status: Annotated[str | None, typer.Option(help="pending, sent or dead.")] = None,
    case: Annotated[str | None, typer.Option(help="Reference of a case.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
) -> None:
    """List messages, the newest first; texts, addresses and passwords are not shown."""
    from bot.casework import outbox_desk

    if status not in (None, *outbox_desk.STATUSES):
        raise DataError([f'--status: "{status}" is not one of {", ".join(outbox_desk.STATUSES)}'])
    with transaction() as session:
        found = outbox_desk.listed(session, status=status, reference=case, limit=limit)
        counts = outbox_desk.counts(session)
    console = _console()
    if found:
        console.print(_table(found))
    console.print(", ".join(f"{number} {name}" for name, number in counts.items()) + ".")


@app.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers of messages.")] = None,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="All that are dead.")] = False,
) -> None:
    """Send messages out again, with all their attempts anew."""
    from bot.casework import outbox_desk

    if bool(ids) == all_dead:
        raise DataError(["Give the numbers of messages, or --all-dead."])
    with transaction(writing=True) as session:
        retried = outbox_desk.retry(session, ids or None, now=datetime.now(UTC))
    typer.echo(f"{len(retried.again)} to be sent again.")
    if retried.left:
        numbers = ", ".join(map(str, retried.left))
        typer.echo(f"Left alone, since they are sent or under way: {numbers}.")


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_COLUMNS)


def _table(found: list[Listed]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("message", "status", "case", "to", "by", "tries", "owed", "next or sent"):
        table.add_column(title, no_wrap=True)
    table.add_column("last error")
    for message in found:
        colour = _COLOURS[message.status]
        when = None if message.status == "dead" else message.sent_at or message.due
        table.add_row(
            str(message.id),
            f"[{colour}]{message.status}[/{colour}]",
            message.case or "",
            escape(message.recipient),
            escape(message.method),
            str(message.attempts),
            _shown(message.created),
            _shown(when),
            escape(message.last_error or ""),
        )
    return table


def _shown(moment: datetime | None) -> str:
    """Return a moment as this machine's clock shows it."""
    return moment.astimezone().strftime(_TIME) if moment else ""
