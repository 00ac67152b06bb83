"""``secondvoice payments …``: what left, what the rail clock shows of it, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli_database import transaction
from bot.errors import DataError
from bot.settings import get_settings

if TYPE_CHECKING:
    from bot.casework.models import Payment

app = typer.Typer(help="Payments that customers told of.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="The case's reference, such as SV-7F3K2Q.")]
Number = Annotated[
    int | None, typer.Option("--payment", help="Number of the payment, where there are several.")
]
_TIME = "%Y-%m-%d %H:%M:%S"
#: Wide enough for a file or another program to get each payment in one line.
_PIPE_COLUMNS = 200


def register(program: typer.Typer) -> None:
    """Add these commands to the program."""
    program.add_typer(app, name="payments")


@app.command(name="list")
def list_payments(
    ended: Annotated[bool, typer.Option("--ended", help="Show those that have ended too.")] = False,
) -> None:
    """List payments, the newest first."""
    from sqlalchemy import select

    from bot.casework.models import Payment

    with transaction() as session:
        wanted = select(Payment).order_by(Payment.id.desc())
        found = list(session.scalars(wanted if ended else wanted.where(Payment.closed.is_(None))))
        console = Console()
        console = console if console.is_terminal else Console(width=_PIPE_COLUMNS)
        console.print(_table(found))


@app.command()
def show(
    reference: Reference,
    payment: Number = None,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show the packet as it is now, and who saw the whole account number; never the number."""
    import json

    from bot.bank import load_bank
    from bot.casework.cases import case_by_reference
    from bot.casework.packets import packet_of, rail_packs
    from bot.casework.payment_outcomes import payment_to_end
    from bot.recovery.documents import packet_text
    from bot.script_titles import script_titles

    with transaction() as session:
        found = payment_to_end(session, case_by_reference(session, reference), payment)
        packet = packet_of(
            session,
            found,
            rail_packs(),
            now=datetime.now(UTC),
            bank=load_bank(get_settings().bank_file),
            titles=script_titles,
        )
        if as_json:
            typer.echo(json.dumps(packet.to_json(), ensure_ascii=False, indent=2))
            return
        typer.echo(packet_text(packet, language))
        for line in _views(found):
            typer.echo(line)


@app.command()
def end(
    reference: Reference,
    outcome: Annotated[
        str, typer.Option(help="stopped, partly_stopped, returned, lost or not_paid.")
    ],
    stopped: Annotated[
        str | None, typer.Option(help="How much was stopped or came back, such as 500000.")
    ] = None,
    payment: Number = None,
) -> None:
    """Record how a payment ended; the desk and the customer are told."""
    from bot.bank import load_bank
    from bot.casework.cases import case_by_reference
    from bot.casework.packets import rail_packs
    from bot.casework.payment_outcomes import conclude, payment_to_end
    from bot.counsel.outcomes import OutcomePhrases
    from bot.script_titles import script_titles

    amount = _amount(stopped)
    bank = load_bank(get_settings().bank_file)
    with transaction(writing=True) as session:
        case = case_by_reference(session, reference)
        found = payment_to_end(session, case, payment)
        told = conclude(
            session,
            found,
            outcome=outcome.replace("-", "_"),
            amount_stopped=amount,
            now=datetime.now(UTC),
            bank=bank,
            packs=rail_packs(),
            words=OutcomePhrases(bank),
            titles=script_titles,
        )
        news = "the customer is told" if told else "no message goes to the customer"
        typer.echo(f"{case.reference}: payment {found.id} ended, {found.outcome}; {news}.")


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation as error:
        raise DataError([f"--stopped: {text!r} is not a number; write one as 500000"]) from error


def _table(found: list[Payment]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("payment", "case", "amount", "ordered", "to", "ending", "packet", "outcome"):
        table.add_column(title, no_wrap=True)
    for payment in found:
        amount = "" if payment.amount is None else f"{payment.currency or ''} {payment.amount:,.2f}"
        stopped = payment.amount_stopped
        table.add_row(
            str(payment.id),
            payment.case.reference,
            amount.strip(),
            payment.submitted.astimezone().strftime(_TIME) if payment.submitted else "",
            escape(payment.payee_name or ""),
            payment.payee_account_ending or "",
            str(payment.packet_version),
            " ".join(part for part in (payment.outcome, stopped and f"{stopped:,.2f}") if part),
        )
    return table


def _views(payment: Payment) -> Iterator[str]:
    """Return who saw the whole account number."""
    account = payment.payee_account
    if account is None:
        return
    state = f"deleted {account.deleted:{_TIME}} UTC" if account.deleted else "kept"
    yield f"Whole account number: {state}"
    for view in account.views:
        yield f"  seen {view.at:{_TIME}} UTC by {view.by}: {view.why}"
