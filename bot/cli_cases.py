"""``secondvoice cases …``: what is open, who was asked, and the leaders' numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot.cli_database import transaction
from bot.errors import NotFoundError
from bot.settings import get_settings

if TYPE_CHECKING:
    from bot.casework.models import Case, Escalation

app = typer.Typer(help="Cases, and who was asked about them.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="The case's reference, such as SV-7F3K2Q.")]
By = Annotated[str, typer.Option(help="Code of the person of the bank who has read it.")]
_TIME = "%Y-%m-%d %H:%M"


@app.command(name="list")
def list_cases(
    closed: Annotated[bool, typer.Option("--closed", help="Show closed cases as well.")] = False,
    unread: Annotated[bool, typer.Option("--unread", help="Only what nobody has read.")] = False,
) -> None:
    """List cases, those that nobody has read first."""
    from sqlalchemy import select

    from bot.casework.models import Case

    with transaction() as session:
        wanted = select(Case).order_by(Case.updated.desc())
        cases = list(session.scalars(wanted if closed else wanted.where(Case.status == "open")))
        cases.sort(key=lambda case: _pending(case) is None)
        if unread:
            cases = [case for case in cases if _pending(case)]
        Console().print(_table(cases))


@app.command()
def show(
    reference: Reference,
    language: Annotated[str, typer.Option(help="Language of the summary.")] = "en",
) -> None:
    """Show the handover summary of a case, who was asked, and its timeline."""
    from bot.bank import load_bank
    from bot.casework.cases import case_by_reference
    from bot.casework.handover import handover_summary
    from bot.casework.packets import clock_lines, rail_packs
    from bot.casework.people import branch_for
    from bot.casework.policy import load_policy
    from bot.script_titles import script_titles

    settings = get_settings()
    with transaction() as session:
        case = case_by_reference(session, reference)
        summary = handover_summary(
            session,
            case,
            language=language,
            script_title=script_titles(case.leading_script or "").get(language),
            large_from=load_policy(settings.escalation_file).large_remittance,
            clock=clock_lines(
                session,
                case,
                rail_packs(),
                now=datetime.now(UTC),
                bank=load_bank(settings.bank_file),
                language=language,
            ),
        )
        zone = ZoneInfo(branch_for(session, case).timezone)
        for line in (summary.text, "", *_asked(case, zone), "", *_timeline(case, zone)):
            typer.echo(line)


@app.command()
def acknowledge(reference: Reference, by: By) -> None:
    """Record that somebody has read a case; the asking ends and the customer is told."""
    from bot.casework import escalations
    from bot.casework.cases import case_by_reference
    from bot.counsel.truths import say_truth

    with transaction(writing=True) as session:
        case = case_by_reference(session, reference)
        status = escalations.status_for(case)
        if status is None:
            raise NotFoundError(f"Nobody has been asked about case {case.reference}.")
        now = datetime.now(UTC)
        read = escalations.acknowledge(session, status.escalation_id, by, now, words=say_truth)
        typer.echo(f"{case.reference}: {_read_line(read)}")


@app.command()
def close(
    reference: Reference,
    outcome: Annotated[str, typer.Option(help="How it ended, one word.")],
) -> None:
    """Close a case; what nobody has read must be acknowledged first."""
    from bot.casework.cases import case_by_reference, close_case

    with transaction(writing=True) as session:
        case = case_by_reference(session, reference)
        close_case(session, case, outcome=outcome, now=datetime.now(UTC))
        typer.echo(f"{case.reference}: closed, {case.outcome}.")


@app.command()
def digest(
    branch: Annotated[str | None, typer.Option(help="Code of a branch; all without it.")] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today without it.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the digest.")] = "en",
) -> None:
    """Print the leaders' numbers of the 24 hours that end on a day."""
    from sqlalchemy import select

    from bot.casework.digest import digest_for
    from bot.casework.digest_messages import digest_text
    from bot.casework.models import Branch
    from bot.casework.policy import load_policy

    settings = get_settings()
    at = load_policy(settings.escalation_file).digest_at
    with transaction() as session:
        wanted = select(Branch).order_by(Branch.code)
        found = list(session.scalars(wanted.where(Branch.code == branch) if branch else wanted))
        if not found:
            raise NotFoundError(f"No branch has the code {branch}." if branch else "No branch yet.")
        for one in found:
            ends_on = day.date() if day else _today(one.timezone)
            numbers = digest_for(session, one, day=ends_on, at=at)
            typer.echo(digest_text(numbers, language=language).text)


def _today(timezone: str) -> date:
    return datetime.now(ZoneInfo(timezone)).date()


def _pending(case: Case) -> Escalation | None:
    return next((one for one in case.escalations if one.status == "pending"), None)


def _table(cases: list[Case]) -> Table:
    table = Table("case", "customer", "level", "exposure", "asked", "next", "updated")
    for case in cases:
        latest = case.escalations[-1] if case.escalations else None
        pending = _pending(case)
        table.add_row(
            case.reference if case.status == "open" else f"{case.reference} ({case.outcome})",
            case.customer.code if case.customer else "visitor",
            case.level,
            case.exposure,
            latest.status if latest else "nobody",
            f"{pending.next_ask:%H:%M} UTC" if pending and pending.next_ask else "",
            f"{case.updated:{_TIME}}",
        )
    return table


def _asked(case: Case, zone: ZoneInfo) -> Iterator[str]:
    for escalation in case.escalations:
        yield f"Asked because of {escalation.reason}, rule {escalation.rule}: {escalation.status}"
        for step in escalation.steps:
            asked = step.asked.astimezone(zone)
            until = step.deadline.astimezone(zone)
            yield f"  {asked:{_TIME}} {step.link}: {step.account_manager.code}, until {until:%H:%M}"
        if escalation.acknowledged_by is not None:
            yield f"  {_read_line(escalation)}"


def _read_line(escalation: Escalation) -> str:
    by, at = escalation.acknowledged_by, escalation.acknowledged_at
    if by is None or at is None:
        return "read by nobody yet."
    return f"read by {by.code} at {at.astimezone(ZoneInfo(by.branch.timezone)):{_TIME}}."


def _timeline(case: Case, zone: ZoneInfo) -> Iterator[str]:
    for event in case.events:
        detail = ", ".join(
            f"{key}={value}" for key, value in event.detail.items() if key != "words"
        )
        yield f"{event.at.astimezone(zone):{_TIME}} {event.kind} {detail}".rstrip()
