"""What several processes and sessions may do to the same records in the same moment."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.cases import case_for, find_open_case, record_assessment
from bot.casework.contacts import contact_for, identify
from bot.casework.database import (
    BUSY_SECONDS,
    check_migrated,
    make_engine,
    migrate,
    session_factory,
)
from bot.casework.escalations import acknowledge, escalate
from bot.casework.models import Case, CaseEvent, Contact, Escalation, OutboxMessage
from bot.errors import ConflictError
from tests.casework.builders import EVENING, WEB, after, finding, open_case
from tests.casework.databases import Databases
from tests.together import at_once

WITH_SESSIONS = """
import sys
from bot.casework.cases import case_for, find_open_case, record_assessment
from bot.casework.database import make_engine, migrate, session_factory
from bot.casework.escalations import escalate
from bot.demo import load_demo
from tests.casework.builders import EVENING, WEB, finding

sessions = session_factory(make_engine(sys.argv[1]))
"""

OPEN_CASES = """
def act(url):
    references = []
    for number in range(40):
        with sessions.begin() as session:
            case = case_for(session, f"web:{number}", language="zh", now=EVENING)
            references.append(case.reference)
    return references
"""

ASSESS = """
def act(url, name):
    for number in range(15):
        with sessions.begin() as session:
            case = find_open_case(session, WEB)
            shown = finding(
                red_flags=[(f"flag_{name}_{number}", "words"), (f"common_{number}", "words")],
                exposure="paid" if (name, number) == ("0", 0) else "contacted",
            )
            record_assessment(session, case, assessment=shown, now=EVENING)
"""

ESCALATE = """
def act(url):
    with sessions.begin() as session:
        case = find_open_case(session, WEB)
        return escalate(session, case, reason="has_paid", now=EVENING).id
"""

MIGRATE = """
def act(*urls):
    for url in urls:
        migrate(url)
"""

LOAD_DEMO = """
def act(url):
    with sessions.begin() as session:
        return [result.created for result in load_demo(session).values()]
"""


def total(session: Session, model: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@contextmanager
def commit_before(session: Session, other: Callable[[], None]) -> Iterator[None]:
    """Start another's work, see it wait for this session's locks, and let it go on after them."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other)
        time.sleep(0.3)
        assert not waiting.done()
        yield
        session.commit()
        waiting.result(timeout=10)


def test_processes_that_meet_a_contact_together_open_one_case(
    url: str, sessions: sessionmaker[Session]
) -> None:
    first, *others = at_once(WITH_SESSIONS + OPEN_CASES, url, processes=2)
    assert others == [first]
    with sessions() as session:
        assert (total(session, Contact), total(session, Case)) == (40, 40)
        kinds = Counter(session.scalars(select(CaseEvent.kind)))
        assert kinds == {"opened": 40}


def test_who_is_identified_while_he_writes_his_first_message_owns_the_case(
    sessions: sessionmaker[Session],
) -> None:
    def sign_in() -> None:
        with sessions.begin() as session:
            identify(session, WEB, "C-1001", EVENING)

    with sessions.begin() as session:
        contact_for(session, WEB, language="zh", now=EVENING)
    with sessions() as session:
        case_for(session, WEB, language="zh", now=EVENING)
        with commit_before(session, sign_in):
            pass
    with sessions() as session:
        case = session.scalars(select(Case)).one()
        assert case.customer is not None
        assert case.customer.code == "C-1001"


def test_a_conversation_claimed_for_two_customers_at_once_goes_to_the_first(
    sessions: sessionmaker[Session],
) -> None:
    def claim_too() -> None:
        with sessions.begin() as session, pytest.raises(ConflictError, match="another customer"):
            identify(session, WEB, "C-2001", EVENING)

    with sessions.begin() as session:
        contact_for(session, WEB, language="zh", now=EVENING)
    with sessions() as session:
        contact = identify(session, WEB, "C-1001", EVENING)
        with commit_before(session, claim_too):
            pass
        session.refresh(contact)
        assert contact.customer is not None
        assert contact.customer.code == "C-1001"


def test_messages_assessed_at_once_lose_no_evidence_and_no_exposure(
    url: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        case_for(session, WEB, language="zh", now=EVENING)
    at_once(WITH_SESSIONS + ASSESS, url, ["0", "1", "2"], processes=3)
    with sessions() as session:
        case = find_open_case(session, WEB)
        assert case is not None
        assert (case.turn_count, case.evidence_count, case.exposure) == (45, 60, "paid")
        assert len({(row.red_flag, row.quote) for row in case.evidence}) == 60


def test_processes_that_ask_for_help_together_ask_once(
    url: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        open_case(session)
    assert len(set(at_once(WITH_SESSIONS + ESCALATE, url, processes=2))) == 1
    with sessions() as session:
        assert (total(session, Escalation), total(session, OutboxMessage)) == (1, 1)
        case = session.scalars(select(Case)).one()
        assert case.escalation_count == 1
        assert [event.kind for event in case.events].count("escalated") == 1


def test_the_manager_may_read_while_the_customer_writes_on(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        asked = escalate(session, open_case(session), reason="wants_a_person", now=EVENING).id

    def read() -> None:
        with sessions.begin() as session:
            acknowledge(session, asked, "M-01", after(minutes=1))

    with sessions() as session:
        case = find_open_case(session, WEB)
        assert case is not None
        record_assessment(session, case, assessment=finding(exposure="paid"), now=after(minutes=1))
        with commit_before(session, read):
            assert escalate(session, case, reason="has_paid", now=after(minutes=1)).id == asked
    with sessions() as session:
        kinds = session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)).all()
        assert kinds[-3:] == ["assessed", "escalated", "acknowledged"]


def test_what_another_session_changed_is_seen_once_the_lock_is_held(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        open_case(session)
    with sessions() as session:
        stale = find_open_case(session, WEB)
        assert stale is not None
        session.commit()
        with sessions.begin() as other:
            seen = find_open_case(other, WEB)
            assert seen is not None
            record_assessment(other, seen, assessment=finding(exposure="paid"), now=EVENING)
        record_assessment(session, stale, assessment=finding(exposure="engaged"), now=EVENING)
        session.commit()
        assert (stale.exposure, stale.turn_count) == ("paid", 3)


def test_processes_that_start_together_migrate_once(databases: Databases) -> None:
    urls = [databases.new() for _ in range(4)]
    at_once(WITH_SESSIONS + MIGRATE, *urls, processes=2)
    for url in urls:
        check_migrated(url)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_new_file_is_opened_while_another_process_writes_to_it(databases: Databases) -> None:
    url = databases.new()
    writer = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor() as pool:
        opened = pool.submit(lambda: make_engine(url).connect().close())
        with pytest.raises(TimeoutError):
            opened.result(timeout=0.2)
        writer.execute("ROLLBACK")
        opened.result(timeout=BUSY_SECONDS)
    writer.close()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_new_file_that_stays_busy_is_given_up(databases: Databases) -> None:
    url = databases.new()
    writer = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        make_engine(url, wait_seconds=0.1).connect()
    writer.close()


def test_processes_that_start_together_load_the_demo_once(databases: Databases) -> None:
    url = databases.new()
    migrate(url)
    created = at_once(WITH_SESSIONS + LOAD_DEMO, url, processes=2)
    assert sorted(created) == [[0, 0, 0], [1, 5, 6]]


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_conversations_of_different_contacts_do_not_wait_for_each_other(url: str) -> None:
    engine = make_engine(url)
    sessions = session_factory(engine)
    with sessions.begin() as one, sessions.begin() as other:
        for session, address in ((one, "web:1"), (other, "web:2")):
            case = open_case(session, address=address)
            escalate(session, case, reason="has_paid", now=EVENING)
    engine.dispose()
