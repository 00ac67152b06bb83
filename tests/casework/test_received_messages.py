"""What messengers bring is kept once and given out in the order of its chat, to one at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import received
from bot.casework.messenger_chats import (
    language_of_chat,
    note_blocked,
    note_heard,
    note_keyboard,
    note_reachable,
)
from bot.casework.models import Contact, ReceivedMessage
from bot.casework.received import Waiting
from tests.casework.builders import EVENING, after

LEASE = timedelta(seconds=30)
CHAT = "telegram:1"


def keep(sessions: sessionmaker[Session], *messages: tuple[str, str]) -> int:
    with sessions.begin() as session:
        found = [(key, address, {"text": key}) for key, address in messages]
        return received.keep(session, "telegram", found, now=EVENING)


def claim(sessions: sessionmaker[Session], *, seconds: float = 0, limit: int = 10) -> list[Waiting]:
    with sessions.begin() as session:
        now = after(seconds=seconds)
        return received.claim(session, "telegram", now=now, lease=LEASE, limit=limit)


def test_a_message_is_kept_once_by_its_key_for_each_messenger(
    sessions: sessionmaker[Session],
) -> None:
    assert keep(sessions, ("1", CHAT), ("2", CHAT), ("1", CHAT)) == 2
    assert keep(sessions, ("2", CHAT)) == 0
    with sessions.begin() as session:
        assert received.keep(session, "other", [("1", "other:1", {})], now=EVENING) == 1


def test_a_chat_gives_one_message_at_a_time_and_chats_do_not_wait(
    sessions: sessionmaker[Session],
) -> None:
    keep(sessions, ("1", CHAT), ("2", CHAT), ("3", "telegram:2"))
    first = claim(sessions)
    assert [one.key for one in first] == ["1", "3"]
    assert claim(sessions) == []
    with sessions.begin() as session:
        received.finish(session, first[0].id, now=EVENING)
    assert [one.key for one in claim(sessions)] == ["2"]


def test_a_message_that_waits_to_be_tried_again_holds_its_chat_and_no_other(
    sessions: sessionmaker[Session],
) -> None:
    keep(sessions, ("1", CHAT), ("2", CHAT))
    [one] = claim(sessions)
    with sessions.begin() as session:
        received.try_again(session, one.id, attempts=1, due=after(seconds=60))
    assert claim(sessions) == []
    [again] = claim(sessions, seconds=61)
    assert (again.key, again.attempts) == ("1", 1)


def test_what_a_dead_process_has_claimed_is_given_out_again_with_what_it_had_kept(
    sessions: sessionmaker[Session],
) -> None:
    keep(sessions, ("1", CHAT))
    [one] = claim(sessions)
    with sessions.begin() as session:
        received.keep_answer(session, one.id, {"parts": [1, 2]}, until=after(seconds=20))
        received.note_sent(session, one.id, 1, until=after(seconds=25))
    assert claim(sessions, seconds=24) == []
    [again] = claim(sessions, seconds=26)
    assert (again.answer, again.sent) == ({"parts": [1, 2]}, 1)


def test_a_process_that_is_alone_frees_what_the_last_one_had_claimed(
    sessions: sessionmaker[Session],
) -> None:
    keep(sessions, ("1", CHAT))
    assert claim(sessions)
    with sessions.begin() as session:
        received.release_all(session, "telegram")
    assert claim(sessions)


def test_words_are_erased_with_the_end_and_the_key_some_days_later(
    sessions: sessionmaker[Session],
) -> None:
    keep(sessions, ("1", CHAT))
    [one] = claim(sessions)
    with sessions.begin() as session:
        received.finish(session, one.id, now=EVENING)
        row = session.scalars(select(ReceivedMessage)).one()
        assert (row.body, row.answer) == (None, None)
    with sessions.begin() as session:
        received.forget_old(session, "telegram", now=after(days=2))
        assert session.scalars(select(ReceivedMessage)).all()
        received.forget_old(session, "telegram", now=after(days=4))
        assert not session.scalars(select(ReceivedMessage)).all()


def test_two_processes_are_never_given_the_same_message_nor_the_same_chat(
    sessions: sessionmaker[Session],
) -> None:
    keep(sessions, *((f"{n}", f"telegram:{n % 5}") for n in range(40)))
    taken: list[Waiting] = []
    together = threading.Barrier(4)

    def one_process() -> None:
        together.wait()
        for _ in range(3):
            taken.extend(claim(sessions, limit=2))

    threads = [threading.Thread(target=one_process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.key for one in taken) == ["0", "1", "2", "3", "4"]


def test_two_processes_that_are_brought_the_same_message_keep_it_once(
    sessions: sessionmaker[Session],
) -> None:
    kept: list[int] = []
    together = threading.Barrier(4)

    def one_process() -> None:
        together.wait()
        kept.append(keep(sessions, ("1", CHAT)))

    threads = [threading.Thread(target=one_process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("heard", "counts"),
    [
        ([("a", 5, True)], [True]),
        ([("a", 5, True), ("b", 5, True)], [True, False]),  # Pressed twice.
        ([("a", 5, True), ("a", 5, True)], [True, True]),  # Heard again after a crash.
        ([("a", 6, False), ("b", 5, True)], [True, False]),  # Typed words have ended the question.
        ([("a", 5, True), ("b", 4, True)], [True, False]),  # A question from before.
        ([("a", 5, True), ("b", 7, True)], [True, True]),  # A newer question.
        ([("a", 6, False), ("b", 3, False)], [True, True]),  # Words always count.
    ],
)
def test_a_press_counts_once_and_only_on_a_question_that_is_not_over(
    sessions: sessionmaker[Session], heard: list[tuple[str, int, bool]], counts: list[bool]
) -> None:
    found = []
    for key, number, pressed in heard:
        with sessions.begin() as session:
            said = {"key": key, "number": number, "pressed": pressed}
            found.append(note_heard(session, CHAT, language="zh", now=EVENING, **said)[0])
    assert found == counts


def test_the_last_buttons_are_named_once_so_that_they_can_be_taken_away(
    sessions: sessionmaker[Session],
) -> None:
    said = {"pressed": False, "language": "zh", "now": EVENING}
    with sessions.begin() as session:
        assert note_heard(session, CHAT, key="a", number=1, **said) == (True, None)
        note_keyboard(session, CHAT, number=2, now=EVENING)
        assert note_heard(session, CHAT, key="b", number=3, **said) == (True, 2)
        assert note_heard(session, CHAT, key="c", number=4, **said) == (True, None)


def test_a_chat_is_known_by_its_language_and_whether_it_can_be_reached(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        assert language_of_chat(session, CHAT) is None
        note_blocked(session, CHAT, now=EVENING)  # Who has never written has no contact.
        note_heard(session, CHAT, key="a", number=1, pressed=False, language="zh", now=EVENING)
        note_blocked(session, CHAT, now=EVENING)
        note_blocked(session, CHAT, now=after(days=1))
        contact = session.scalars(select(Contact).where(Contact.address == CHAT)).one()
        assert (contact.language, contact.blocked) == ("zh", EVENING)
        note_reachable(session, CHAT)
        assert contact.blocked is None
