"""Writing the leaders' digest, and owing it to each of them once a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.casework import outbox
from bot.casework.digest import Digest, digest_for
from bot.casework.escalations.messages import digest_of, methods
from bot.casework.handover import money
from bot.casework.models import AccountManager, Case, OutboxMessage
from bot.casework.policy import Policy, configured_policy
from bot.casework.words import Words, words_for


@dataclass(frozen=True, kw_only=True)
class DigestText:
    """A digest as it is read: a subject and lines."""

    subject: str
    text: str


def digest_text(digest: Digest, *, language: str) -> DigestText:
    """Write a digest.

    Args:
        digest: The numbers.
        language: The reader's language code.
    """
    words = words_for(language)
    branch, day = digest.branch.name_in(language), digest.day.isoformat()
    title = words.digest.title.format(branch=branch, day=day, time=f"{digest.until:%H:%M}")
    return DigestText(
        subject=words.digest.subject.format(branch=branch, day=day),
        text="\n".join([title, *_lines(digest, words)]),
    )


def owe_digests(session: Session, now: datetime, *, policy: Policy | None = None) -> int:
    """Owe each active leader the digest of the day, once its time has come at his branch.

    A bank that has never had a case has nothing to tell; afterwards a quiet day is told too, so
    that silence always means that something is broken.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.
        policy: Carries the time of day; None for the one that the settings name.

    Returns:
        How many messages are newly owed.
    """
    policy = policy or configured_policy()
    owed = _not_yet_owed(session, now, policy)
    if not owed or session.scalar(select(Case.id).limit(1)) is None:
        return 0
    digests: dict[int, Digest] = {}
    added = 0
    for key, leader, method in owed:
        branch = leader.branch
        if branch.id not in digests:
            day = _local(leader, now).date()
            digests[branch.id] = digest_for(session, branch, day=day, at=policy.digest_at)
        written = digest_text(digests[branch.id], language=leader.language)
        added += outbox.put(
            session,
            dedupe_key=key,
            method=method,
            recipient=leader.code,
            subject=written.subject,
            body={"text": written.text, "language": leader.language},
            now=now,
        )
    return added


def _not_yet_owed(
    session: Session, now: datetime, policy: Policy
) -> list[tuple[str, AccountManager, str]]:
    leaders = session.scalars(
        select(AccountManager)
        .where(AccountManager.role == "leader", AccountManager.active)
        .options(joinedload(AccountManager.branch))
        .order_by(AccountManager.code)
    )
    wanted = {
        _key(leader, method, day=_local(leader, now).date()): (leader, method)
        for leader in leaders
        if _local(leader, now).time() >= policy.digest_at
        for method in methods(leader)
    }
    known = set(
        session.scalars(
            select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(wanted))
        )
    )
    return [(key, *pair) for key, pair in wanted.items() if key not in known]


def _local(leader: AccountManager, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(leader.branch.timezone))


def _key(leader: AccountManager, method: str, *, day: date) -> str:
    return f"digest:{day.isoformat()}:{leader.code}:{digest_of(method)}"


def _lines(digest: Digest, words: Words) -> Iterator[str]:
    lines = words.digest
    yield from _counted(lines.new, digest.new, words)
    if digest.new:
        yield lines.levels.format(counts=_named(digest.levels, words.levels))
        yield lines.exposures.format(counts=_named(digest.exposures, words.exposures))
    yield from _counted(lines.unread, digest.unread, words)
    yield from _counted(lines.paid, digest.paid, words)
    amounts = ", ".join(money(amount, code) for code, amount in sorted(digest.amounts.items()))
    yield lines.amounts.format(amounts=amounts or lines.none)
    yield from _counted(lines.silent, digest.silent, words)
    yield lines.dead.format(count=digest.dead)
    yield lines.visits.format(count=digest.visits)


def _counted(line: str, references: tuple[str, ...], words: Words) -> Iterator[str]:
    yield line.format(count=len(references))
    if references:
        yield words.digest.references.format(references=" ".join(references))


def _named(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    return ", ".join(f"{names[key]}: {count}" for key, count in counts.items())
