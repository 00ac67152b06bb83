"""What comes to a chat by itself arrives once, in order, and not where it is not wanted."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.contacts import contact_for
from bot.casework.database import make_engine, session_factory
from bot.casework.follow_ups import stop_messages
from bot.casework.models import OutboxMessage, PushedMessage
from bot.casework.pushes import push, pushed_after, withdraw, write_pushed
from bot.errors import DeliveryError
from bot.notify import Message
from bot.notify.chat import ChatNotifier
from bot.worker import Worker
from tests.casework.builders import EVENING, WEB, after, open_case


@pytest.fixture
def chat(sessions: sessionmaker[Session]) -> ChatNotifier:
    with sessions.begin() as session:
        contact_for(session, WEB, language="zh", now=EVENING)
    return ChatNotifier(sessions, now=lambda: after(minutes=1))


def message(key: str, text: str = "Are you all right?", to: str = WEB) -> Message:
    body = {"text": text, "lang": "en", "buttons": [{"title": "I am fine"}], "card": None}
    return Message(dedupe_key=key, recipient=to, subject="s", text=text, body=body)


def shown(sessions: sessionmaker[Session], after: int = 0) -> list[str]:
    with sessions() as session:
        return [row.body["text"] for row in pushed_after(session, WEB, after=after, most=50)]


def test_what_is_pushed_arrives_in_the_chat_through_the_worker(
    sessions: sessionmaker[Session], chat: ChatNotifier
) -> None:
    with sessions.begin() as session:
        contact = contact_for(session, WEB, language="zh", now=EVENING)
        card = {"name": "周敏"}
        said = {"text": "您还好吗？", "lang": "zh", "buttons": ["我没事"], "card": card}
        assert push(session, contact, dedupe_key="a", now=EVENING, **said)
        assert not push(session, contact, dedupe_key="a", now=EVENING, **said)
    Worker(sessions, lambda _: chat, now=lambda: EVENING).run_once()
    with sessions() as session:
        [row] = session.scalars(select(PushedMessage)).all()
        assert row.body == {**said, "buttons": [{"title": "我没事"}]}
        assert (row.contact.address, row.at) == (WEB, after(minutes=1))


def test_a_message_that_is_carried_twice_is_shown_once(
    sessions: sessionmaker[Session], chat: ChatNotifier
) -> None:
    for key in ("a", "b", "a"):
        chat.send(message(key, text=key))
    assert shown(sessions) == ["a", "b"]


def test_an_address_that_nobody_has_is_a_failed_delivery(chat: ChatNotifier) -> None:
    with pytest.raises(DeliveryError, match="No chat"):
        chat.send(message("a", to="web:nobody"))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_a_failed_delivery_without_its_words(
    url: str, chat: ChatNotifier
) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE pushed_messages")
    engine.dispose()
    with pytest.raises(DeliveryError) as caught:
        chat.send(message("a", text="secret words"))
    assert "secret words" not in str(caught.value)


def test_who_stopped_messages_is_pushed_nothing_of_his_case(session: Session) -> None:
    case = open_case(session)
    stop_messages(session, case, now=EVENING)
    said = {"text": "t", "lang": "en", "now": EVENING}
    assert not push(session, case.contact, dedupe_key="a", case=case, **said)
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.method == "chat")).all() == []


def test_only_what_nobody_is_carrying_out_can_be_withdrawn(session: Session) -> None:
    case = open_case(session)
    for key in ("follow_up:1", "follow_up:2", "other"):
        push(session, case.contact, dedupe_key=key, text="t", lang="en", now=EVENING, case=case)
    taken = session.scalars(select(OutboxMessage)).first()
    assert taken is not None
    taken.claimed_by = "worker"
    session.flush()
    assert withdraw(session, case, prefix="follow_up:") == 1
    left = session.scalars(select(OutboxMessage.dedupe_key)).all()
    assert sorted(left) == ["follow_up:1", "other"]


def test_a_chat_gets_what_is_new_to_it_in_order_and_only_its_own(
    sessions: sessionmaker[Session], chat: ChatNotifier
) -> None:
    with sessions.begin() as session:
        contact_for(session, "web:other", language="en", now=EVENING)
    for number in range(3):
        chat.send(message(f"mine {number}", text=f"mine {number}"))
        chat.send(message(f"other {number}", to="web:other"))
    assert shown(sessions) == ["mine 0", "mine 1", "mine 2"]
    with sessions() as session:
        first, second, _ = pushed_after(session, WEB, after=0, most=50)
        assert len(pushed_after(session, WEB, after=0, most=2)) == 2
    assert shown(sessions, after=first.id) == ["mine 1", "mine 2"]
    assert shown(sessions, after=second.id) == ["mine 2"]


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_no_message_is_committed_behind_one_that_a_chat_has_fetched(
    url: str, sessions: sessionmaker[Session], chat: ChatNotifier
) -> None:
    """A lower number that is committed later would never be fetched."""
    slow_engine = make_engine(url)
    second = threading.Thread(target=chat.send, args=(message("second", text="second"),))
    with session_factory(slow_engine).begin() as slow:
        write_pushed(slow, WEB, dedupe_key="first", body={"text": "first"}, now=EVENING)
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()  # It waits for its turn in this chat.
        assert shown(sessions) == []
    second.join(timeout=10)
    assert shown(sessions) == ["first", "second"]
    slow_engine.dispose()
