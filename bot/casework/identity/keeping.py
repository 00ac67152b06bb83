"""Keeping the two words: encrypted, for minutes, one pair a case; then they are gone."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.casework.events import add_event
from bot.casework.identity.drawing import draw
from bot.casework.identity.seeing import note_seen
from bot.casework.locks import lock_row
from bot.casework.models import AccountManager, Case, IdentityWord
from bot.errors import ConflictError, NotFoundError

LIFE = timedelta(minutes=15)
"""Long enough to open a page and to speak, too short to be wheedled out of anybody."""

MOST_AN_HOUR = 6
"""How many pairs a customer gets in an hour; who asks more often is being made to ask."""

End = Literal["replaced", "expired", "used", "denied"]


class TooManyError(ConflictError):
    """The customer has asked for too many words in the last hour."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two words that are good now.

    Args:
        things: What was drawn, see :func:`bot.casework.identity.drawing.in_words`.
        language: The customer's language code, in which they are to be said.
        until: When they end, aware.
    """

    things: tuple[str, str]
    language: str
    until: datetime


class WordKeeper:
    """Makes and shows the words.

    Args:
        key: The secret that also encrypts the vault; a key of its own is derived from it, so that
            what is encrypted here opens nothing there.
    """

    def __init__(self, key: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"secondvoice.identity_words")
        self._fernet = Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))

    def make(self, session: Session, case: Case, *, language: str, now: datetime) -> Pair:
        """Draw two words for a customer; the ones before are good no more.

        Args:
            session: The open session; the caller commits, and shows nothing before.
            case: An identified customer's open case.
            language: His language code.
            now: The moment, aware.

        Raises:
            ConflictError: We do not know whose case it is, so nobody can be asked whether it is he.
            TooManyError: He has had enough of them in the last hour.
        """
        lock_row(session, case)
        if case.customer_id is None:
            raise ConflictError(f"Case {case.reference} has no customer; identify him first.")
        if _made_since(session, case.customer_id, now - timedelta(hours=1)) >= MOST_AN_HOUR:
            add_event(session, case, kind="word_refused", now=now)
            raise TooManyError(f"Case {case.reference} has had {MOST_AN_HOUR} words in an hour.")
        end_word(session, case, why="replaced", now=now)
        things = draw()
        word = IdentityWord(
            case=case,
            ciphertext=self._fernet.encrypt("\n".join(things).encode()).decode(),
            language=language,
            created=now,
            expires=now + LIFE,
        )
        session.add(word)
        session.flush()
        add_event(session, case, kind="word_asked", now=now, word=word.id)
        return Pair(things=things, language=language, until=word.expires)

    def show(
        self, session: Session, case: Case, *, to: AccountManager, now: datetime
    ) -> Pair | None:
        """Return the words that a case's customer sees, and record who of the bank saw them.

        Args:
            session: The open session; the caller commits, and shows nothing before.
            case: The case.
            to: Who reads them, behind a link that is his alone.
            now: The moment, aware.

        Returns:
            The words; None where none are good now.

        Raises:
            NotFoundError: They were kept under another key.
        """
        word = live_word(session, case, now=now)
        if word is None or word.ciphertext is None:
            return None
        try:
            first, second = self._fernet.decrypt(word.ciphertext).decode().split("\n")
        except InvalidToken as error:
            raise NotFoundError(
                f"The words of case {case.reference} were kept under another key; restore it."
            ) from error
        note_seen(session, word, to, now=now)
        return Pair(things=(first, second), language=word.language, until=word.expires)


def live_word(session: Session, case: Case, *, now: datetime) -> IdentityWord | None:
    """Return the words of a case that are good now, if there are any.

    Args:
        session: The open session; nothing is written.
        case: The case.
        now: The moment, aware.
    """
    return session.scalar(
        select(IdentityWord).where(
            IdentityWord.case_id == case.id,
            IdentityWord.ended.is_(None),
            IdentityWord.expires > now,
        )
    )


def end_word(session: Session, case: Case, *, why: End, now: datetime) -> bool:
    """End the words of a case, whether they were still good or not.

    Args:
        session: The open session; the caller commits and has locked the case.
        case: The case.
        why: What ended them; those whose time was over are ``expired`` all the same.
        now: The moment, aware.

    Returns:
        Whether there were any.
    """
    words = session.scalars(
        select(IdentityWord).where(IdentityWord.case_id == case.id, IdentityWord.ended.is_(None))
    ).all()
    _end(session, words, why=why, now=now)
    return bool(words)


def end_expired(session: Session, now: datetime) -> int:
    """Forget the words whose time is over; a chore of the worker.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.

    Returns:
        How many pairs there were.
    """
    words = session.scalars(
        select(IdentityWord)
        .where(IdentityWord.ended.is_(None), IdentityWord.expires <= now)
        .with_for_update(of=IdentityWord, skip_locked=True)
    ).all()
    _end(session, words, why="expired", now=now)
    return len(words)


def _end(session: Session, words: Sequence[IdentityWord], *, why: End, now: datetime) -> None:
    for word in words:
        word.ciphertext, word.ended = None, now
        word.why_ended = "expired" if word.expires <= now else why
        add_event(session, word.case, kind="word_ended", now=now, word=word.id, why=word.why_ended)
    session.flush()


def _made_since(session: Session, customer_id: int, since: datetime) -> int:
    query = (
        select(func.count())
        .select_from(IdentityWord)
        .join(Case, IdentityWord.case_id == Case.id)
        .where(Case.customer_id == customer_id, IdentityWord.created > since)
    )
    return session.scalar(query) or 0
