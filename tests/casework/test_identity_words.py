"""Two words that the customer and the bank see, for minutes, once, and no caller."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.erasing import erase_customer
from bot.casework.escalations import acknowledge, escalate
from bot.casework.exporting import export_customer
from bot.casework.identity import (
    LIFE,
    MOST_AN_HOUR,
    TooManyError,
    WordKeeper,
    caller_may_watch,
    deny,
    end_expired,
    end_word,
    hide_pairs,
    in_words,
    live_word,
    remind,
    seen_by,
)
from bot.casework.identity.drawing import _things, draw
from bot.casework.models import Case, IdentityWord, OutboxMessage
from bot.casework.said import note_said
from bot.errors import ConflictError, NotFoundError
from tests.casework.builders import EVENING, after, open_case, person

KEEPER = WordKeeper("a" * 43)


def made(session: Session, case: Case, *, now: datetime = EVENING) -> tuple[str, str]:
    return KEEPER.make(session, case, language="zh", now=now).things


def test_the_managers_page_shows_the_words_that_the_customer_sees(session: Session) -> None:
    case = open_case(session)
    things = made(session, case)
    shown = KEEPER.show(session, case, to=person(session, "M-01"), now=after(minutes=14))
    assert shown is not None
    assert (shown.things, shown.language, shown.until) == (things, "zh", EVENING + LIFE)


def test_after_a_quarter_of_an_hour_the_words_are_good_no_more(session: Session) -> None:
    case = open_case(session)
    made(session, case)
    assert KEEPER.show(session, case, to=person(session, "M-01"), now=EVENING + LIFE) is None
    assert end_expired(session, after(minutes=14)) == 0
    assert end_expired(session, EVENING + LIFE) == 1
    assert end_expired(session, EVENING + LIFE) == 0
    row = session.scalars(select(IdentityWord)).one()
    assert (row.ciphertext, row.why_ended, row.ended) == (None, "expired", EVENING + LIFE)


def test_a_new_question_ends_the_words_before(session: Session) -> None:
    case = open_case(session)
    made(session, case)
    newer = made(session, case, now=after(minutes=1))
    shown = KEEPER.show(session, case, to=person(session, "M-01"), now=after(minutes=2))
    assert shown is not None
    assert shown.things == newer
    rows = session.scalars(select(IdentityWord).order_by(IdentityWord.id)).all()
    assert [(row.why_ended, row.ciphertext is None) for row in rows] == [
        ("replaced", True),
        (None, False),
    ]


def test_words_that_were_used_are_shown_to_nobody_again(session: Session) -> None:
    case = open_case(session)
    made(session, case)
    assert end_word(session, case, why="used", now=after(minutes=2))
    assert KEEPER.show(session, case, to=person(session, "M-01"), now=after(minutes=3)) is None
    assert not end_word(session, case, why="used", now=after(minutes=3))


def test_the_database_itself_keeps_a_case_to_one_pair(session: Session) -> None:
    case = open_case(session)
    made(session, case)
    second = IdentityWord(case=case, language="en", created=EVENING, expires=EVENING + LIFE)
    session.add(second)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_visitor_gets_no_words(session: Session) -> None:
    case = open_case(session, customer=None)
    with pytest.raises(ConflictError, match="identify him first"):
        made(session, case)


def test_who_asks_again_and_again_gets_no_more_until_an_hour_is_over(session: Session) -> None:
    case = open_case(session)
    for minute in range(MOST_AN_HOUR):
        made(session, case, now=after(minutes=minute))
    with pytest.raises(TooManyError):
        made(session, case, now=after(minutes=59))
    made(session, case, now=after(minutes=60))


def test_no_table_and_no_event_holds_the_words_readably(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        case = open_case(session)
        things = made(session, case)
        escalate(session, case, reason="asks_if_it_is_manager", now=EVENING)
        word = live_word(session, case, now=EVENING)
        assert word is not None
        remind(session, word, now=EVENING, fresh=False)
        KEEPER.show(session, case, to=person(session, "M-01"), now=EVENING)
    secret = {in_words(things, "zh"), in_words(things, "en"), *things}
    with sessions() as session:
        for table in inspect(session.connection()).get_table_names():
            rows = str(session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
            assert not [one for one in secret if one in rows], table
        held = json.dumps(export_customer(session, "C-1001", now=EVENING), ensure_ascii=False)
        assert not [one for one in secret if one in held]
        assert "ciphertext" not in held
        assert len(json.loads(held)["identity_words"]) == 1


def test_erasing_the_customer_erases_the_words(session: Session) -> None:
    made(session, open_case(session))
    erase_customer(session, "C-1001", now=EVENING, force_reason="asked in writing")
    assert session.scalars(select(IdentityWord)).all() == []


def test_another_key_shows_nothing_and_says_so(session: Session) -> None:
    case = open_case(session)
    made(session, case)
    with pytest.raises(NotFoundError, match="another key"):
        WordKeeper("b" * 43).show(session, case, to=person(session, "M-01"), now=EVENING)


def test_the_timeline_tells_asked_shown_and_ended_and_each_reader_once(session: Session) -> None:
    case = open_case(session)
    made(session, case)
    for code in ("M-02", "M-01", "M-02"):
        KEEPER.show(session, case, to=person(session, code), now=after(minutes=1))
    end_expired(session, EVENING + LIFE)
    session.refresh(case, ["events"])
    kinds = [event.kind for event in case.events if event.kind.startswith("word_")]
    assert kinds == ["word_asked", "word_shown", "word_shown", "word_ended"]


def test_the_customers_own_manager_counts_before_others_who_saw_the_words(
    session: Session,
) -> None:
    case = open_case(session)
    made(session, case)
    word = live_word(session, case, now=EVENING)
    assert word is not None
    assert seen_by(session, word) is None
    KEEPER.show(session, case, to=person(session, "D-01"), now=after(minutes=1))
    seen = seen_by(session, word)
    assert seen is not None
    assert (seen.person.code, seen.at) == ("D-01", after(minutes=1))
    KEEPER.show(session, case, to=person(session, "M-01"), now=after(minutes=2))
    seen = seen_by(session, word)
    assert seen is not None
    assert seen.person.code == "M-01"


def test_who_was_asked_already_is_reminded_and_who_is_asked_now_is_not_told_twice(
    session: Session,
) -> None:
    case = open_case(session, exposure="engaged")
    escalate(session, case, reason="engaged", now=EVENING)
    before = len(session.scalars(select(OutboxMessage)).all())
    made(session, case, now=after(minutes=1))
    word = live_word(session, case, now=after(minutes=1))
    assert word is not None
    assert [p.code for p in remind(session, word, now=after(minutes=1), fresh=True)] == ["M-01"]
    assert len(session.scalars(select(OutboxMessage)).all()) == before
    remind(session, word, now=after(minutes=1), fresh=False)
    remind(session, word, now=after(minutes=1), fresh=False)
    messages = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert len(messages) == before + 1
    assert messages[-1].recipient == "M-01"
    assert "20:16" in messages[-1].body["text"]
    assert messages[-1].body["links"][0]["kind"] == "acknowledge"


def test_a_question_about_the_manager_asks_somebody_within_minutes(session: Session) -> None:
    case = open_case(session, customer="C-1002")
    escalation = escalate(session, case, reason="asks_if_it_is_manager", now=EVENING)
    assert escalation.rule == "is_it_my_manager"
    assert escalation.next_ask == after(minutes=5)


def test_who_is_not_calling_ends_the_words_and_the_customer_is_told(session: Session) -> None:
    case = open_case(session)
    escalation = escalate(session, case, reason="asks_if_it_is_manager", now=EVENING)
    acknowledge(session, escalation.id, "M-01", EVENING)
    made(session, case)

    def words(name: str, language: str) -> str:
        return f"{name} ({language}) is not calling"

    by = person(session, "M-01")
    assert deny(session, case, by=by, words=words, now=after(minutes=1))
    assert not deny(session, case, by=by, words=words, now=after(minutes=2))
    assert live_word(session, case, now=after(minutes=2)) is None
    query = select(OutboxMessage).where(OutboxMessage.method == "chat")
    pushed = [message.body["text"] for message in session.scalars(query)]
    assert pushed == ["周敏 (zh) is not calling"]


@pytest.mark.parametrize(
    ("values", "watched"),
    [
        ({}, False),
        ({"red_flags": [("screen_share", "he sees my screen")]}, True),
        ({"red_flags": [("remote_control", "he moves the mouse")]}, True),
        ({"exposure": "disclosed"}, True),
        ({"exposure": "paid"}, False),
    ],
)
def test_no_word_where_the_caller_may_read_along(
    session: Session, values: dict[str, object], watched: bool
) -> None:
    assert caller_may_watch(open_case(session, **values)) is watched


def test_who_gave_a_password_before_he_paid_is_still_watched(session: Session) -> None:
    case = open_case(session)
    assert not caller_may_watch(case)
    note_said(session, case, topic="gave_secret", now=EVENING)
    assert caller_may_watch(case)


def test_there_are_enough_words_and_no_two_are_almost_the_same() -> None:
    things = _things()
    assert len(things) >= 250
    for language in ("en", "zh"):
        forms = [form[language] for form in things.values()]
        assert [
            (one, other)
            for one in forms
            for other in forms
            if one != other
            and (one in other or _one_letter_apart(one, other))
            and not (language == "zh" and one not in other)
        ] == []


def test_no_pair_names_one_thing_twice() -> None:
    assert all(first != second for first, second in (draw() for _ in range(200)))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("he says it is banana lantern, so I trust him", "he says it is …, so I trust him"),
        ("Cable car and lantern", "…"),
        ("他说是灯笼、雨伞", "他说是…"),
        ("he has a lantern", "he has a lantern"),
        ("a rebellion of umbrellas", "a rebellion of umbrellas"),
    ],
)
def test_a_quote_never_carries_two_such_words_right_or_wrong(said: str, kept: str) -> None:
    assert hide_pairs(said) == kept


def _one_letter_apart(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1
