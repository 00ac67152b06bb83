"""Where the talk stands in a messenger's chat: its language, its last question, its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.cases import find_open_case
from bot.casework.contacts import contact_for
from bot.casework.follow_ups import plan_follow_ups, resume_messages, stop_messages
from bot.casework.models import Contact, MessengerChat


def language_of_chat(session: Session, address: str) -> str | None:
    """Return the language last spoken in a chat; None for a new chat."""
    return session.scalar(select(Contact.language).where(Contact.address == address))


def note_heard(
    session: Session,
    address: str,
    *,
    key: str,
    number: int,
    pressed: bool,
    language: str,
    now: datetime,
) -> tuple[bool, int | None]:
    """Note that the customer has spoken, which ends every question asked before.

    Args:
        session: The open session; the caller commits.
        address: The chat's address; its contact is made where it is new.
        key: The messenger's own key of what was heard; the same one is heard again after a crash.
        number: Number of the message that he wrote, or whose button he pressed.
        pressed: Whether it was a button.
        language: The chat's language.
        now: The moment, aware.

    Returns:
        Whether it counts: a second press, or one on a question that is over, does not. Then the
        number of the last message with buttons that can be taken away, if there is one.
    """
    chat = _chat(session, address, language=language, now=now)
    chat.contact.blocked = None
    if pressed and number <= chat.heard_through and chat.heard_by != key:
        return False, None
    over, chat.keyboard = chat.keyboard, None
    chat.heard_through = max(chat.heard_through, number)
    chat.heard_by = key
    return True, over


def note_keyboard(session: Session, address: str, *, number: int, now: datetime) -> None:
    """Note the last message with buttons that was sent into a chat."""
    language = language_of_chat(session, address)
    if language is not None:
        _chat(session, address, language=language, now=now).keyboard = number


def note_language(session: Session, address: str, *, language: str, now: datetime) -> None:
    """Note the language that was spoken last in a chat."""
    contact_for(session, address, language=language, now=now)


def note_blocked(session: Session, address: str, *, now: datetime) -> None:
    """Note that the messenger brings nothing more to a chat because its owner does not want it."""
    contact = session.scalar(select(Contact).where(Contact.address == address))
    if contact is not None and contact.blocked is None:
        contact.blocked = now


def note_reachable(session: Session, address: str) -> None:
    """Note that a chat can be written to again."""
    contact = session.scalar(select(Contact).where(Contact.address == address))
    if contact is not None:
        contact.blocked = None


def stop_chat(session: Session, address: str, *, now: datetime) -> bool:
    """Obey the command to write no more by ourselves.

    Args:
        session: The open session; the caller commits.
        address: The chat's address.
        now: The moment, aware.

    Returns:
        Whether there is a case, so that somebody at the bank has been told that he may ring.

    Raises:
        NotFoundError: The bank has imported nobody who could be told.
    """
    case = find_open_case(session, address)
    if case is None:
        return False
    stop_messages(session, case, now=now)
    return True


def resume_chat(session: Session, address: str, *, now: datetime) -> bool:
    """Let messages come again because the customer has started the chat anew.

    Args:
        session: The open session; the caller commits.
        address: The chat's address.
        now: The moment, aware.

    Returns:
        Whether they had been stopped.
    """
    case = find_open_case(session, address)
    if case is None or not resume_messages(session, case, now=now):
        return False
    plan_follow_ups(session, case, now=now, resumed=True)
    return True


def _chat(session: Session, address: str, *, language: str, now: datetime) -> MessengerChat:
    contact = contact_for(session, address, language=language, now=now)
    # The contact is locked by now, so nobody else can be making this row.
    chat = session.get(MessengerChat, contact.id)
    if chat is None:
        chat = MessengerChat(contact_id=contact.id, contact=contact, heard_through=0, heard_by="")
        session.add(chat)
    return chat
