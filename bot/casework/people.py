"""Who is responsible: the customer's account manager, or the branch's duty desk."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.models import AccountManager, Branch, Case
from bot.errors import NotFoundError


def responsible_for(session: Session, case: Case) -> AccountManager:
    """Return who is asked first about a case.

    An identified customer's account manager; where he is away, his backup; else, and for a
    visitor whom we have not identified, the branch's duty desk; else the branch's leader.

    Raises:
        NotFoundError: The bank has imported nobody who could be asked.
    """
    if case.customer is not None:
        for person in _chain(case.customer.account_manager):
            if person.active:
                return person
    branch = branch_for(session, case)
    for role in ("duty_desk", "leader", "manager"):
        desk = _first_active(session, branch, role=role)
        if desk is not None:
            return desk
    raise NotFoundError(f"Branch {branch.code} has no active duty desk; import the managers.")


def branch_for(session: Session, case: Case) -> Branch:
    """Return the customer's branch; for a visitor the first one by code.

    Raises:
        NotFoundError: The bank has imported no branch.
    """
    if case.customer is not None:
        return case.customer.branch
    branch = session.scalar(select(Branch).order_by(Branch.code).limit(1))
    if branch is None:
        raise NotFoundError("There is no branch yet; import the branches.")
    return branch


def _chain(manager: AccountManager) -> Iterator[AccountManager]:
    """Walk from a manager along the backups, once each, since backups may name each other."""
    seen: set[int] = set()
    person: AccountManager | None = manager
    while person is not None and person.id not in seen:
        seen.add(person.id)
        yield person
        person = person.backup_manager


def _first_active(session: Session, branch: Branch, *, role: str) -> AccountManager | None:
    return session.scalar(
        select(AccountManager)
        .where(
            AccountManager.branch_id == branch.id,
            AccountManager.role == role,
            AccountManager.active,
        )
        .order_by(AccountManager.code)
        .limit(1)
    )
