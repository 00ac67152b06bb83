"""Importing branches, managers and customers from the bank's CSV files, by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework import cells
from bot.casework.csv_table import Layout, Row, Table, read_table
from bot.casework.locks import one_at_a_time
from bot.casework.models import KINDS, ROLES, AccountManager, Branch, Customer

BRANCHES = Layout(
    columns=("code", "address", "duty_desk_phone", "timezone"),
    localised=("name", "duty_desk_hours"),
)
MANAGERS = Layout(
    columns=(
        *("code", "name", "role", "branch", "mobile", "backup", "backup_manager"),
        *("language", "notify", "active"),
    ),
    localised=("title", "hours"),
    translated=("name",),
)
CUSTOMERS = Layout(
    columns=(
        *("code", "name", "kind", "company", "average_daily_balance", "language", "timezone"),
        *("legal_representative", "legal_representative_phone", "account_manager", "branch"),
    ),
    translated=("name", "company"),
)

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


def import_managers(session: Session, path: Path) -> ImportResult:
    """Import account managers, leaders and duty desks; backups may be lines of the same file.

    Args:
        session: The open session; the caller commits.
        path: The CSV file.

    Raises:
        DataError: Carries every problem by line; then nothing has been written.
    """
    table = _opened(session, path, MANAGERS)
    branches, managers = _ids(session, Branch), _ids(session, AccountManager)
    records = [_manager(row, branches) for row in table.rows]
    known = {*managers, *(row.cells["code"] for row in table.rows)}
    backups = {row.cells["code"]: _backup(row, known) for row in table.rows}
    table.refuse_if_bad()
    # First come the people without their backups, who then have ids to point at.
    new = [record for record in records if record["code"] not in managers]
    session.add_all(AccountManager(**record) for record in new)
    session.flush()
    managers = _ids(session, AccountManager)
    for record in records:
        backup = backups[record["code"]]
        record["backup_manager_id"] = managers[backup] if backup else None
    return _write(session, table, AccountManager, records, created={r["code"] for r in new})


def import_customers(session: Session, path: Path) -> ImportResult:
    """Import customers.

    Args:
        session: The open session; the caller commits.
        path: The CSV file.

    Raises:
        DataError: Carries every problem by line; then nothing has been written.
    """
    table = _opened(session, path, CUSTOMERS)
    branches, managers = _ids(session, Branch), _ids(session, AccountManager)
    records = [_customer(row, branches, managers) for row in table.rows]
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


def _manager(row: Row, branches: Mapping[str, int]) -> dict[str, Any]:
    return {
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
        "notify": row.get("notify", cells.methods, default=list[str]()),
        "active": row.get("active", cells.yes_or_no, default=False),
    }


def _backup(row: Row, known: set[str]) -> str:
    """Check the code of a manager's backup; an empty one means that he has none."""
    backup = row.cells["backup_manager"]
    if backup and backup not in known:
        row.problem("backup_manager", f'no account manager has the code "{backup}"')
    if backup and backup == row.cells["code"]:
        row.problem("backup_manager", "nobody is his own backup")
    return backup


def _customer(row: Row, branches: Mapping[str, int], managers: Mapping[str, int]) -> dict[str, Any]:
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
    return record


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
