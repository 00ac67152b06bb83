"""Any order of talk, work, reading and sudden death: nobody believes more than is committed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, event, func, inspect, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.base import Base
from bot.casework.cases import case_for, close_case, find_open_case, record_assessment
from bot.casework.contacts import identify
from bot.casework.database import make_engine, session_factory
from bot.casework.escalations import Truth, acknowledge, ask_next_due, escalate, truth_for
from bot.casework.findings import EXPOSURES
from bot.casework.models import (
    AccountManager,
    Case,
    CaseEvent,
    Escalation,
    EscalationStep,
    OutboxMessage,
    Payment,
)
from bot.casework.policy import load_policy
from bot.errors import ConflictError, NotFoundError
from bot.settings import Settings
from tests.casework.builders import EVENING, frightened

POLICY = load_policy(Settings(_env_file=None).escalation_file)
KEPT = {"branches", "account_managers", "customers", "alembic_version"}
# M-03 of the demonstration has left; these are all who are there.
PEOPLE = ("M-01", "M-02", "D-01", "L-01")
CUSTOMERS = {"web:1": "C-1001", "web:2": "C-1002", "web:3": None}
REASONS = ("wants_a_person", "engaged", "has_paid", "may_hurt_themselves", "silent")

address = st.sampled_from(sorted(CUSTOMERS))
somebody = st.sampled_from(PEOPLE)
# Before which statement the process dies; None lets it live.
death = st.one_of(st.none(), st.none(), st.integers(0, 40))


class KilledError(BaseException):
    """The process died in the middle of its work; nothing that it runs may catch that."""


class Mortal:
    """Makes an engine's process die before its n-th statement."""

    def __init__(self, engine: Engine) -> None:
        self.left: int | None = None
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise KilledError


def as_words(truth: Truth) -> str:
    """Words that a test can read back: what the customer is told, exactly."""
    return json.dumps([truth.state, truth.escalation_id, truth.person and truth.person.code])


class Escalating(RuleBasedStateMachine):
    """Customers, workers and the bank's people, each in his own transaction.

    Args:
        engine: A database with the demo bank.
    """

    def __init__(self, engine: Engine, mortal: Mortal) -> None:
        super().__init__()
        self.engine, self.mortal = engine, mortal
        self.sessions: sessionmaker[Session] = session_factory(engine)
        self.now: datetime = EVENING
        self.believed: list[list[Any]] = []

    @initialize()
    def start(self) -> None:
        with self.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name not in KEPT:
                    connection.execute(text(f"DELETE FROM {table.name}"))  # noqa: S608  # our own
            there = update(AccountManager).where(AccountManager.code.in_(PEOPLE))
            connection.execute(there.values(active=True))
            connection.execute(
                update(AccountManager)
                .where(AccountManager.code == "M-02")
                .values(working_pattern="Mon-Fri 08:30-17:30")
            )

    @rule(
        address=address,
        exposure=st.sampled_from(EXPOSURES),
        reason=st.sampled_from(REASONS),
        death=death,
    )
    def talk(self, address: str, exposure: str, reason: str, death: int | None) -> None:
        """A customer writes; what the reply says of a human is read in the same transaction."""

        def work(session: Session) -> str:
            customer = CUSTOMERS[address]
            if customer is not None:
                identify(session, address, customer, self.now)
            case = case_for(session, address, language="en", now=self.now)
            shown = frightened(exposure=exposure)
            record_assessment(session, case, assessment=shown, now=self.now)
            escalate(session, case, reason=reason, now=self.now, policy=POLICY)
            return as_words(truth_for(session, case))

        said = self.do(work, death, expected=NotFoundError)
        if said is not None:
            self.believe(said)

    @rule(address=address, amount=st.sampled_from([None, "100", "50000"]), death=death)
    def pay(self, address: str, amount: str | None, death: int | None) -> None:
        def work(session: Session) -> None:
            case = find_open_case(session, address)
            if case is not None:
                money = Decimal(amount) if amount else None
                row = Payment(amount=money, created=self.now, updated=self.now)
                case.payments.append(row)

        self.do(work, death)

    @rule(rounds=st.integers(1, 7), minutes=st.sampled_from([5, 6, 31]))
    def nobody_answers(self, rounds: int, minutes: int) -> None:
        """The worker goes round while time passes and nobody reads anything."""
        for _ in range(rounds):
            self.now += timedelta(minutes=minutes)
            self.round_of_the_worker(death=None)

    @rule(death=death)
    def round_of_the_worker(self, death: int | None) -> None:
        def work(session: Session) -> int:
            return ask_next_due(session, self.now, policy=POLICY, words=as_words)

        waiting = self.due()
        if self.do(work, death) is None:
            return
        assert self.due() == {}
        with self.sessions() as session:
            there = session.scalar(select(func.count()).where(AccountManager.active)) or 0
            for number, steps in waiting.items():
                asked = len(session.get_one(Escalation, number).steps) - steps
                assert asked > 0 if there else asked == 0, (number, asked, there)

    def due(self) -> dict[int, int]:
        """The escalations that must go on now, with how many people were asked so far."""
        with self.sessions() as session:
            wanted = select(Escalation).where(
                Escalation.status == "pending", Escalation.next_ask <= self.now
            )
            return {row.id: len(row.steps) for row in session.scalars(wanted)}

    @rule(arrives=st.booleans(), death=death)
    def deliver(self, arrives: bool, death: int | None) -> None:
        """One message goes out, or is given up; dying in between sends it again."""

        def work(session: Session) -> None:
            lease = timedelta(0)
            claimed = outbox.claim_next(session, worker="w", now=self.now, lease=lease)
            if claimed is None:
                return
            if arrives:
                outbox.mark_sent(session, claimed.id, now=self.now)
                return
            outbox.mark_failed(
                session, claimed.id, worker="w", error="gone", retry_at=None, now=self.now
            )

        self.do(work, death)

    @rule(by=somebody, pick=st.integers(0, 20), death=death)
    def tap(self, by: str, pick: int, death: int | None) -> None:
        def work(session: Session) -> None:
            ids = session.scalars(select(Escalation.id).order_by(Escalation.id)).all()
            if ids:
                acknowledge(session, ids[pick % len(ids)], by, self.now, words=as_words)

        self.do(work, death)

    @rule(address=address, death=death)
    def close(self, address: str, death: int | None) -> None:
        def work(session: Session) -> None:
            case = find_open_case(session, address)
            if case is not None:
                close_case(session, case, outcome="prevented", now=self.now)

        self.do(work, death, expected=ConflictError)

    @rule(who=somebody, there=st.booleans())
    def comes_and_goes(self, who: str, there: bool) -> None:
        with self.sessions.begin() as session:
            change = update(AccountManager).where(AccountManager.code == who).values(active=there)
            session.execute(change)

    @rule(minutes=st.sampled_from([1, 4, 5, 6, 31]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def what_customers_believe_is_committed(self) -> None:
        with self.sessions() as session:
            pushed = session.scalars(select(OutboxMessage).where(OutboxMessage.method == "chat"))
            claims = [*self.believed, *(json.loads(row.body["text"]) for row in pushed)]
            for state, escalation_id, code in claims:
                self.check_claim(session, state, escalation_id, code)

    @invariant()
    def what_may_be_said_now_is_committed(self) -> None:
        with self.sessions() as session:
            for case in session.scalars(select(Case)):
                truth = truth_for(session, case)
                assert (truth.state == "nobody") is (not case.escalations)
                claim = json.loads(as_words(truth))
                self.check_claim(session, *claim)

    @invariant()
    def nobody_who_waits_is_forgotten(self) -> None:
        """A pending escalation has people, messages to each of them, and a moment to go on."""
        with self.sessions() as session:
            for escalation in session.scalars(select(Escalation)):
                assert escalation.steps
                told = {message.recipient for message in escalation.messages}
                assert {step.account_manager.code for step in escalation.steps} <= told
                if escalation.status != "pending":
                    assert escalation.acknowledged_by is not None
                    assert escalation.next_ask is None
                    continue
                known = POLICY.rule_named(escalation.rule)
                assert known is not None
                assert escalation.next_ask is not None
                assert escalation.next_ask <= self.now + known.patience

    @invariant()
    def nobody_is_asked_is_never_an_answer(self) -> None:
        with self.sessions() as session:
            for row in session.scalars(select(CaseEvent).where(CaseEvent.kind == "unread")):
                assert row.detail["asked"]
            positions = session.execute(
                select(
                    EscalationStep.escalation_id, func.count(), func.max(EscalationStep.position)
                ).group_by(EscalationStep.escalation_id)
            )
            assert all(count == last + 1 for _, count, last in positions)

    def check_claim(
        self, session: Session, state: str, escalation_id: int | None, code: str | None
    ) -> None:
        """Find the rows that make a claim true."""
        if state == "nobody":
            return
        escalation = session.get(Escalation, escalation_id)
        assert escalation is not None, (state, escalation_id)
        owed = [row for row in escalation.messages if row.recipient == code]
        if state == "read":
            assert escalation.acknowledged_by is not None
            assert escalation.acknowledged_by.code == code
            return
        assert owed, (state, code)
        if state == "told":
            assert any(row.status == "sent" and row.sent_at for row in owed)

    def do(
        self,
        work: Callable[[Session], Any],
        death: int | None,
        *,
        expected: type[BaseException] = KilledError,
    ) -> Any:
        """Work in one transaction; whoever dies or is refused must leave everything as it was."""
        before = self.rows()
        self.mortal.left = death
        try:
            with self.sessions.begin() as session:
                return work(session)
        except (KilledError, expected):
            self.mortal.left = None
            assert self.rows() == before
            return None
        finally:
            self.mortal.left = None

    def believe(self, said: str) -> None:
        self.believed.append(json.loads(said))

    def rows(self) -> dict[str, list[Any]]:
        """Everything that a transaction here may write."""
        with self.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by("id"))]
                for table in Base.metadata.sorted_tables
                if table.name not in KEPT and "id" in inspect(table).columns
            }


@pytest.mark.timeout(600)
def test_no_path_reaches_a_belief_that_is_not_committed(url: str) -> None:
    engine = make_engine(url)
    mortal = Mortal(engine)
    slow = engine.dialect.name != "sqlite"
    try:
        run_state_machine_as_test(
            lambda: Escalating(engine, mortal),
            settings=settings(
                max_examples=15 if slow else 40,
                stateful_step_count=25,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        engine.dispose()
