"""Who answers for customers once the bank's people change: nobody is left with a dead number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.casework.csv_table import Row, Table
from bot.casework.models import AccountManager, Customer

_MOST_NAMED = 5


class Post(NamedTuple):
    """What matters of a manager here: is he there, and who is there in his place."""

    active: bool
    backup: str
    replaced_by: str


def posts_in(session: Session) -> dict[str, Post]:
    """Return the posts that the database knows, by code."""
    backup, successor = aliased(AccountManager), aliased(AccountManager)
    rows = session.execute(
        select(AccountManager.code, AccountManager.active, backup.code, successor.code)
        .outerjoin(backup, AccountManager.backup_manager_id == backup.id)
        .outerjoin(successor, AccountManager.replaced_by_id == successor.id)
    )
    return {
        code: Post(active, backup or "", replaced_by or "")
        for code, active, backup, replaced_by in rows
    }


def someone_answers(code: str, posts: Mapping[str, Post]) -> bool:
    """Return whether a manager, who took his place, or a backup of theirs is active."""
    return any(posts[one].active for one in _chain(code, posts))


def check_posts(table: Table, session: Session, posts: Mapping[str, Post]) -> None:
    """Report circles of replacements, and customers who would be left with nobody.

    Args:
        table: The managers' table; it takes the problems.
        session: The open session; nothing is written.
        posts: How everything will be after the import.
    """
    rows = {row.cells["code"]: row for row in table.rows}
    for code, row in rows.items():
        circle = _circle(code, posts)
        if circle:
            row.problem("replaced_by", f"goes round in a circle: {' → '.join(circle)}")
    for code, customers in _customers_by_manager(session).items():
        line = _to_blame(code, rows, posts)
        # A circle is reported above; who answers is known only once it is broken.
        if line is None or _never_ends(code, posts):
            continue
        if not someone_answers(code, posts):
            line.problem(
                "active",
                f"nobody active answers for {_named(customers)} of {code}; "
                "give an active replaced_by or backup_manager",
            )


def _chain(code: str, posts: Mapping[str, Post]) -> Iterator[str]:
    """Walk as the assistant does: to who took the place, then from backup to backup."""
    seen: set[str] = set()
    current = _successor(code, posts)
    while current and current not in seen:
        seen.add(current)
        yield current
        current = _successor(posts[current].backup, posts)


def _successor(code: str, posts: Mapping[str, Post]) -> str:
    return list(_successors(code, posts))[-1] if code in posts else ""


def _successors(code: str, posts: Mapping[str, Post]) -> Iterator[str]:
    seen: set[str] = set()
    while code in posts and code not in seen:
        seen.add(code)
        yield code
        code = posts[code].replaced_by


def _circle(code: str, posts: Mapping[str, Post]) -> list[str]:
    """Return the codes from a manager back to himself; empty where his place ends somewhere."""
    way = list(_successors(code, posts))
    return [*way, code] if posts[way[-1]].replaced_by == code else []


def _never_ends(code: str, posts: Mapping[str, Post]) -> bool:
    return posts[list(_successors(code, posts))[-1]].replaced_by in posts


def _customers_by_manager(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for manager, customer in session.execute(
        select(AccountManager.code, Customer.code)
        .join(Customer, Customer.account_manager_id == AccountManager.id)
        .order_by(AccountManager.code, Customer.code)
    ):
        found.setdefault(manager, []).append(customer)
    return found


def _to_blame(code: str, rows: Mapping[str, Row], posts: Mapping[str, Post]) -> Row | None:
    """Return the line that decided it: of the manager, else of the last one in his place."""
    concerned = (code, *_successors(code, posts), *_chain(code, posts))
    return next((rows[one] for one in concerned if one in rows), None)


def _named(customers: Iterable[str]) -> str:
    codes = list(customers)
    shown = ", ".join(codes[:_MOST_NAMED])
    more = len(codes) - _MOST_NAMED
    return f"{shown} and {more} more customers" if more > 0 else f"customer {shown}"
