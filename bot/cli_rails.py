"""``secondvoice clock`` and ``secondvoice rails``: the rail clock at the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.table import Table

from bot.errors import DataError
from bot.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from bot.recovery import ClockView, RailPacks

rails_app = typer.Typer(help="What is known of the payment rails.", no_args_is_help=True)
_PAGE = PROJECT_ROOT / "docs" / "payment-rails.md"
_COLOURS = {"works_now": "green", "no_longer": "red", "unknown": "yellow"}


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(rails_app, name="rails")
    app.command()(clock)


def clock(
    amount: Annotated[str | None, typer.Option(help="Such as 1700000 or 1,700,000.")] = None,
    at: Annotated[str | None, typer.Option(help='When it was ordered: "2026-11-20 20:00".')] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="counter, online, corporate-online, mobile, atm or third-party."),
    ] = None,
    arrival: Annotated[str | None, typer.Option(help="real-time, ordinary or next-day.")] = None,
    from_bank: Annotated[str | None, typer.Option(help="Code or name of the paying bank.")] = None,
    to_bank: Annotated[str | None, typer.Option(help="Code or name of the receiving bank.")] = None,
    currency: Annotated[str | None, typer.Option(help="Such as CNY.")] = None,
    jurisdiction: Annotated[str, typer.Option(help="Country of the paying bank.")] = "cn",
    zone: Annotated[str | None, typer.Option(help="Zone of --at and --now.")] = None,
    now: Annotated[str | None, typer.Option(help="Another moment than this one.")] = None,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    customer: Annotated[bool, typer.Option("--customer", help="What a customer reads.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Tell where a payment stands now, and which way back still works."""
    from bot import recovery

    packs = recovery.load_rail_packs()
    pack = packs.jurisdiction(jurisdiction)
    where = _zone(zone) if zone else pack.zone
    payment = recovery.Payment(
        jurisdiction=jurisdiction,
        amount=_amount(amount),
        currency=currency.upper() if currency else None,
        submitted_at=_moment("at", at, where) if at else None,
        channel=_word(channel),
        arrival=_word(arrival),
        paying_bank=_bank(from_bank, packs),
        receiving_bank=_bank(to_bank, packs),
    )
    moment = _moment("now", now, where) if now else datetime.now(UTC)
    view = recovery.rail_clock(payment, packs, now=moment)
    if as_json:
        typer.echo(json.dumps(recovery.as_json(view), ensure_ascii=False, indent=2))
    elif customer:
        typer.echo("\n".join(recovery.customer_lines(view, language)))
    else:
        _show(view, language, Console())


@rails_app.command(name="check")
def rails_check(
    on: Annotated[str | None, typer.Option(help="Another day than today.")] = None,
) -> None:
    """Check every pack, all problems at once, and name the facts past their review date."""
    from bot.recovery import load_rail_packs

    packs = load_rail_packs()
    today = _day(on) if on else datetime.now(UTC).date()
    for pack, source in packs.overdue(on=today):
        typer.echo(
            f"payment_rails/{pack.id}.yml: sources/{source.id}: was to be looked at again by "
            f"{source.review_by.isoformat()} ({source.publisher['en']})"
        )
    sources = [source for pack in packs for source in pack.sources.values()]
    typer.echo(
        f"{len(packs.packs)} packs, {sum(len(pack.rails) for pack in packs)} rails, "
        f"{len(sources)} sources, {sum(source.unconfirmed for source in sources)} of them "
        f"unconfirmed, {len(packs.overdue(on=today))} past review: no problem found."
    )


@rails_app.command(name="docs")
def rails_docs() -> None:
    """Write docs/payment-rails.md from the packs."""
    from bot.recovery import load_rail_packs
    from bot.recovery.page import rails_page

    _PAGE.write_text(rails_page(load_rail_packs()), encoding="utf-8")
    typer.echo(f"{_PAGE.relative_to(PROJECT_ROOT)} is written.")


def _show(view: ClockView, language: str, console: Console) -> None:
    """Print the staff view: what is known, the ladder as a table, then rules and sources."""
    from bot.recovery import rendering
    from bot.recovery.words import clock_words

    words = clock_words(language)

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    for line in rendering.heading_lines(view, language):
        say(line)
    heads = ("head_rung", "head_state", "head_until", "head_left", "head_who")
    table = Table(*(words.say(head) for head in heads))
    for number, rung in enumerate(view.ladder, start=1):
        until = rendering.in_zone(rung.until, view, words) if rung.until else ""
        if rung.perhaps_until:
            later = rendering.in_zone(rung.perhaps_until, view, words)
            until = "\n".join(filter(None, (until, words.say("perhaps_until", until=later))))
        left = words.length(rung.until - view.now) if rung.until else ""
        colour = _COLOURS[rung.state]
        state = f"[{colour}]{words.say(rung.state)}[/{colour}]"
        table.add_row(f"{number}. {words.say(rung.id)}", state, until, left, rung.who[language])
    console.print(table)
    for number, rung in enumerate(view.ladder, start=1):
        say(f"{number}. {words.say(rung.id)}")
        for line in rendering.rung_details(rung, language):
            say(line)
    for line in rendering.footing_lines(view, language):
        say(line)


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation as error:
        raise DataError([f"--amount: {text!r} is not a number; write one as 1700000"]) from error


def _moment(name: str, text: str, zone: ZoneInfo) -> datetime:
    """Read a moment; a clock time that a change of clocks skips does not exist."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise DataError(
            [f'--{name}: {text!r} is not a date and time; write one as "2026-11-20 20:00"']
        ) from error
    if read.tzinfo is not None:
        return read
    aware = read.replace(tzinfo=zone)
    if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != read:
        raise DataError(
            [f"--{name}: {text!r} never was in {zone.key}: the clocks were put forward over it"]
        )
    return aware


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DataError([f"--on: {text!r} is not a day; write one as 2026-11-20"]) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DataError(
            [f"--zone: {name!r} is not a time zone; write one such as Asia/Shanghai"]
        ) from error


def _word(text: str | None) -> str | None:
    return text.replace("-", "_") if text else None


def _bank(text: str | None, packs: RailPacks) -> str | None:
    """Return the code of a bank that was named; what no pack knows stays, for the clock to say."""
    if text is None:
        return None
    found = (pack.bank_named(text) for pack in packs)
    return next((code for code in found if code), text)
