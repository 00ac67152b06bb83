"""Who is responsible for a case, and who is asked after him."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.models import AccountManager, Branch, Case, Customer
from bot.casework.working_pattern import parse_working_pattern
from bot.errors import NotFoundError

logger = logging.getLogger("secondvoice.casework")

_VISITORS = "visitors_branch"
"""Where a session remembers the branch of visitors, which one turn asks for several times."""

LINKS = ("manager", "backup", "duty_desk", "leader")


@dataclass(frozen=True)
class Place:
    """One person's place in a chain.

    Args:
        link: Which link he is: one of ``LINKS``.
        person: Who he is; active.
    """

    link: str
    person: AccountManager


def responsible_for(session: Session, case: Case) -> AccountManager:
    """Return who is asked first about a case.

    An identified customer's account manager, or who has replaced him; where he is away, his
    backup; else, and for a visitor whom we have not identified, the branch's duty desk; else the
    branch's leader.

    Raises:
        NotFoundError: The bank has imported nobody who could be asked.
    """
    branch = branch_for(session, case)
    first = next((place for link in LINKS for place in _link(session, case, branch, link)), None)
    return first.person if first else chain_for(session, case, LINKS)[0].person


def chain_for(session: Session, case: Case, ask: Iterable[str]) -> list[Place]:
    """Return who is asked about a case, in order, each once; who is away is left out.

    Args:
        session: The open session; nothing is written.
        case: The case.
        ask: The links wanted, in order. Where they lead to nobody, whoever of the branch is
            there takes their place.

    Raises:
        NotFoundError: The bank has imported nobody who could be asked.
    """
    branch = branch_for(session, case)
    places = _once(place for link in ask for place in _link(session, case, branch, link))
    if places:
        return places
    for role in ("duty_desk", "leader", "manager"):
        if people := _of_role(session, branch, role=role):
            return [Place(role, person) for person in people]
    raise NotFoundError(f"Branch {branch.code} has no active duty desk; import the managers.")


def last_resorts(session: Session, case: Case) -> list[Place]:
    """Return who is asked again and again at the end of a chain: duty desks and leaders.

    Raises:
        NotFoundError: Nobody of the branch is there at all.
    """
    return chain_for(session, case, ("duty_desk", "leader"))


def branch_for(session: Session, case: Case) -> Branch:
    """Return the customer's branch; for a visitor the first one by code.

    Raises:
        NotFoundError: The bank has imported no branch.
    """
    customer = customer_named(case)
    if customer is not None:
        return customer.branch
    branch: Branch | None = session.info.get(_VISITORS)
    if branch is None or branch not in session:
        branch = session.scalar(select(Branch).order_by(Branch.code).limit(1))
    if branch is None:
        raise NotFoundError("There is no branch yet; import the branches.")
    session.info[_VISITORS] = branch
    return branch


def customer_named(case: Case) -> Customer | None:
    """Return whose case it is: the customer's own, or of whom the contact card names.

    The second is unproven. It tells whom to ask and opens nothing of the customer's.
    """
    return case.customer or case.contact.says_he_is


def manager_in_charge(customer: Customer) -> AccountManager | None:
    """Return who answers for a customer now: his manager or, while away, a backup; else None."""
    people = _substitutes(current_manager(customer.account_manager))
    return next((person for person in people if person.active), None)


def current_manager(manager: AccountManager) -> AccountManager:
    """Return who does a manager's work today: himself, or the last one who replaced him.

    Args:
        manager: Whoever stands in the customer's record or on a card.
    """
    seen = {manager.id}
    while manager.replaced_by is not None and manager.replaced_by.id not in seen:
        manager = manager.replaced_by
        seen.add(manager.id)
    return manager


def is_at_work(person: AccountManager, now: datetime) -> bool:
    """Tell whether a person is inside his working hours, by the clock of his branch.

    Hours that cannot be read count as not at work, so that somebody else is asked as well.

    Args:
        person: Whom to look up.
        now: The moment, aware.
    """
    try:
        pattern = parse_working_pattern(person.working_pattern)
    except ValueError as error:
        logger.warning("working pattern of %s: %s", person.code, error)
        return False
    return pattern.covers(now.astimezone(ZoneInfo(person.branch.timezone)))


def _link(session: Session, case: Case, branch: Branch, link: str) -> Iterator[Place]:
    """Return the active people of one link; a visitor has no manager of his own."""
    if link in ("duty_desk", "leader"):
        yield from (Place(link, person) for person in _of_role(session, branch, role=link))
    elif (customer := customer_named(case)) is not None:
        people = list(_substitutes(current_manager(customer.account_manager)))
        wanted = people[:1] if link == "manager" else people[1:]
        yield from (Place(link, person) for person in wanted if person.active)


def _substitutes(manager: AccountManager) -> Iterator[AccountManager]:
    """Walk from a manager along the backups, once each, since backups may name each other."""
    seen: set[int] = set()
    person: AccountManager | None = manager
    while person is not None and person.id not in seen:
        seen.add(person.id)
        yield person
        person = current_manager(person.backup_manager) if person.backup_manager else None


def _of_role(session: Session, branch: Branch, *, role: str) -> list[AccountManager]:
    found = session.scalars(
        select(AccountManager)
        .where(
            AccountManager.branch_id == branch.id,
            AccountManager.role == role,
            AccountManager.active,
        )
        .order_by(AccountManager.code)
    )
    return list(found)


def _once(places: Iterable[Place]) -> list[Place]:
    """Keep the first place of each person."""
    kept: dict[int, Place] = {}
    for place in places:
        kept.setdefault(place.person.id, place)
    return list(kept.values())
