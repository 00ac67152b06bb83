"""Importing branches, managers and customers from the bank's CSV files, by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework import cells
from bot.casework.cells import MethodCheck
from bot.casework.csv_table import Layout, Row, Table, read_table
from bot.casework.locks import one_at_a_time
from bot.casework.models import KINDS, ROLES, AccountManager, Branch, Customer
from bot.casework.succession import Post, check_posts, posts_in, someone_answers

BRANCHES = Layout(
    columns=("code", "address", "duty_desk_phone", "timezone"),
    localised=("name", "duty_desk_hours"),
)
MANAGERS = Layout(
    columns=(
        *("code", "name", "role", "branch", "mobile", "backup", "backup_manager"),
        *("language", "notify", "active"),
    ),
    optional=("working_pattern", "replaced_by"),
    localised=("title", "hours"),
    translated=("name",),
)
CUSTOMERS = Layout(
    columns=(
        *("code", "name", "kind", "company", "average_daily_balance", "language", "timezone"),
        *("legal_representative", "legal_representative_phone", "account_manager", "branch"),
    ),
    optional=(
        *("notify", "legal_representative_notify"),
        *("second_signer", "second_signer_phone", "second_signer_notify"),
    ),
    translated=("name", "company"),
)

# Whom a manager's line names in his place, and what such a person is called.
_PLACES = {"backup_manager": "backup", "replaced_by": "successor"}

Record = TypeVar("Record", Branch, AccountManager, Customer)

_code, _name = cells.text(32), cells.text(120)


@dataclass(kw_only=True)
class ImportResult:
    """How many records an import made, changed and found unchanged."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def import_branches(session: Session, path: Path) -> ImportResult:
    """Import branches.

    Args:
        session: The open session; the caller commits.
        path: The CSV file.

    Raises:
        DataError: Carries every problem by line; then nothing has been written.
    """
    table = _opened(session, path, BRANCHES)
    records = [_branch(row) for row in table.rows]
    return _write(session, table, Branch, records)


def import_managers(
    session: Session, path: Path, *, check_method: MethodCheck = cells.plain_method
) -> ImportResult:
    """Import account managers, leaders and duty desks; backups may be lines of the same file.

    Args:
        session: The open session; the caller commits.
        path: The CSV file.
        check_method: Refuses a notification method that nothing carries.

    Raises:
        DataError: Carries every problem by line; then nothing has been written.
    """
    table = _opened(session, path, MANAGERS)
    branches, managers = _ids(session, Branch), _ids(session, AccountManager)
    records = [_manager(row, branches, check_method) for row in table.rows]
    known = {*managers, *(row.cells["code"] for row in table.rows)}
    places = {row.cells["code"]: _places(row, known) for row in table.rows}
    _check_posts(session, table, places, posts_in(session))
    table.refuse_if_bad()
    # First come the people without those they name, who then have ids to point at.
    new = [record for record in records if record["code"] not in managers]
    session.add_all(AccountManager(**record) for record in new)
    session.flush()
    managers = _ids(session, AccountManager)
    for record in records:
        named = places[record["code"]]
        record |= {f"{name}_id": managers.get(code) for name, code in named.items()}
    return _write(session, table, AccountManager, records, created={r["code"] for r in new})


def import_customers(
    session: Session, path: Path, *, check_method: MethodCheck = cells.plain_method
) -> ImportResult:
    """Import customers.

    Args:
        session: The open session; the caller commits.
        path: The CSV file.
        check_method: Refuses a notification method that nothing carries.

    Raises:
        DataError: Carries every problem by line; then nothing has been written.
    """
    table = _opened(session, path, CUSTOMERS)
    branches, managers = _ids(session, Branch), _ids(session, AccountManager)
    records = [_customer(row, branches, managers, check_method) for row in table.rows]
    posts = posts_in(session)
    for row in table.rows:
        code = row.cells["account_manager"]
        if code in posts and not someone_answers(code, posts):
            row.problem("account_manager", f"{code} is not active and nobody answers for him")
    return _write(session, table, Customer, records)


def _opened(session: Session, path: Path, layout: Layout) -> Table:
    """Read a table and wait for other imports: two at once would both insert the same codes."""
    table = read_table(path, layout)
    one_at_a_time(session.connection(), "import")
    return table


def _branch(row: Row) -> dict[str, Any]:
    return {
        "code": row.get("code", _code, default=""),
        "names": row.in_languages("name", required=True),
        "address": row.get("address", cells.text(300), default=""),
        "duty_desk_phone": row.get("duty_desk_phone", cells.phone, default=""),
        "duty_desk_hours": row.in_languages("duty_desk_hours", required=True),
        "timezone": row.get("timezone", cells.timezone, default=""),
    }


def _manager(row: Row, branches: Mapping[str, int], check: MethodCheck) -> dict[str, Any]:
    record = {
        "code": row.get("code", _code, default=""),
        "name": row.get("name", _name, default=""),
        "names": row.in_languages("name", required=False),
        "titles": row.in_languages("title", required=True),
        "role": row.get("role", cells.one_of(ROLES), default=""),
        "branch_id": row.get("branch", cells.known(branches, "branch"), default=0),
        "mobile": row.get("mobile", cells.phone, default=""),
        "backup": row.get("backup", cells.optional(cells.phone), default=None) or "",
        "hours": row.in_languages("hours", required=True),
        "language": row.get("language", cells.language, default=""),
        "notify": row.get("notify", cells.methods(check), default=list[str]()),
        "active": row.get("active", cells.yes_or_no, default=False),
    }
    # A file made for an older version leaves what is known as it is.
    if row.has("working_pattern"):
        record["working_pattern"] = row.get("working_pattern", cells.working_pattern, default="")
    return record


def _places(row: Row, known: set[str]) -> dict[str, str]:
    """Return whom a manager's line names in his place; an empty code means nobody."""
    named = {name: row.cells[name] for name in _PLACES if row.has(name)}
    for name, code in named.items():
        if code and code not in known:
            row.problem(name, f'no account manager has the code "{code}"')
        if code and code == row.cells["code"]:
            row.problem(name, f"nobody is his own {_PLACES[name]}")
    return named


def _check_posts(
    session: Session,
    table: Table,
    places: Mapping[str, Mapping[str, str]],
    before: Mapping[str, Post],
) -> None:
    """Check who will answer for whom, as it will be after the import."""
    after = dict(before)
    known = {*before, *places}
    for row in table.rows:
        code = row.cells["code"]
        # What a line says wrongly is reported already, and is nobody here.
        named = {n: c if c in known and c != code else "" for n, c in places[code].items()}
        kept = before.get(code, Post(active=True, backup="", replaced_by=""))
        after[code] = Post(
            active=row.cells["active"] != "no",
            backup=named["backup_manager"],
            replaced_by=named.get("replaced_by", kept.replaced_by),
        )
    check_posts(table, session, after)


def _customer(
    row: Row, branches: Mapping[str, int], managers: Mapping[str, int], check: MethodCheck
) -> dict[str, Any]:
    manager, name = cells.known(managers, "account manager"), cells.optional(_name)
    record = {
        "code": row.get("code", _code, default=""),
        "name": row.get("name", _name, default=""),
        "names": row.in_languages("name", required=False),
        "kind": row.get("kind", cells.one_of(KINDS), default=""),
        "company": row.get("company", cells.optional(cells.text(200)), default=None),
        "companies": row.in_languages("company", required=False),
        "average_daily_balance": row.get("average_daily_balance", cells.yuan, default=Decimal(0)),
        "language": row.get("language", cells.language, default=""),
        "timezone": row.get("timezone", cells.timezone, default=""),
        "legal_representative": row.get("legal_representative", name, default=None),
        "legal_representative_phone": row.get(
            "legal_representative_phone", cells.optional(cells.phone), default=None
        ),
        "account_manager_id": row.get("account_manager", manager, default=0),
        "branch_id": row.get("branch", cells.known(branches, "branch"), default=0),
    }
    if record["kind"] == "corporate" and not row.cells["company"]:
        row.problem("company", "is empty, but the customer is corporate")
    return record | _reachable(row, check)


def _reachable(row: Row, check: MethodCheck) -> dict[str, Any]:
    """Read how the customer and those who sign with him are told; only columns that are there."""
    read: dict[str, Callable[[str], Any]] = {
        "second_signer": cells.optional(_name),
        "second_signer_phone": cells.optional(cells.phone),
    }
    found = {
        name: row.get(name, parse, default=None) for name, parse in read.items() if row.has(name)
    }
    for name in ("notify", "legal_representative_notify", "second_signer_notify"):
        if row.has(name):
            parse = cells.optional(cells.methods(check, chat=name == "notify"))
            found[name] = row.get(name, parse, default=None) or []
    for person in ("legal_representative", "second_signer"):
        for detail in (f"{person}_phone", f"{person}_notify"):
            if row.cells.get(detail) and not row.cells.get(person):
                row.problem(detail, f"is given, but there is no {person}")
    return found


def _ids(session: Session, model: type[Branch] | type[AccountManager]) -> dict[str, int]:
    return {row.code: row.id for row in session.execute(select(model.code, model.id))}


def _write(
    session: Session,
    table: Table,
    model: type[Record],
    records: list[dict[str, Any]],
    *,
    created: set[str] | None = None,
) -> ImportResult:
    """Insert or update by code, but only where the whole table is in order.

    ``created`` has the codes of records that this import has already inserted.
    """
    table.refuse_if_bad()
    rows = {row.code: row for row in session.scalars(select(model))}
    result = ImportResult()
    for record in records:
        row = rows.get(record["code"])
        if row is None:
            session.add(model(**record))
            result.created += 1
            continue
        changed = {key: value for key, value in record.items() if getattr(row, key) != value}
        for key, value in changed.items():
            setattr(row, key, value)
        if record["code"] in (created or ()):
            result.created += 1
        elif changed:
            result.updated += 1
        else:
            result.unchanged += 1
    session.flush()
    # A changed id of a manager must also show in what the session has loaded through it.
    session.expire_all()
    return result
