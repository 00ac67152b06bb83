"""The experiment: kill everything at random moments, and count what is lost."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.casework.database import make_engine, migrate, session_factory
from bot.casework.models import AccountManager, Case, Contact, Escalation, OutboxMessage
from bot.demo import load_demo
from tests.faults.cluster import Cluster
from tests.faults.customers import Customers, Tally, write_all
from tests.faults.flaky_receiver import Ledger, failing_receiver
from tests.faults.parts import Killable, Part, environment, until

#: Between two kills, seconds. The action server takes longest to come back and is killed least.
PAUSES = (1.0, 4.0)
WEIGHTS = {"worker": 4, "database": 2, "actions": 2}
LEFT_TO_START = 0.75
AT_ONCE = 6
CUSTOMERS_PATIENCE = 120.0
DELIVERED_WITHIN = 120.0


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run came to."""

    conversations: int
    answered_turns: int
    unanswered_turns: int
    answers_that_nobody_was_told: int
    customers_told: int
    customers_unanswered: int
    kills_of_the_action_server: int
    kills_of_the_worker: int
    kills_of_the_database: int
    escalations: int
    messages_owed: int
    messages_arrived: int
    requests: int
    requests_failed: int
    duplicates_with_equal_keys: int
    duplicates_with_other_keys: int
    escalations_lost: int
    messages_not_sent: int
    seconds: float

    def lines(self) -> list[str]:
        """Return the counts for people."""
        return [
            f"{field.name.replace('_', ' '):<32}{getattr(self, field.name):>8.0f}"
            for field in fields(self)
        ]


def run(database: str, folder: Path, *, conversations: int, seed: int) -> Result:
    """Have conversations while parts are killed; return what was counted.

    Args:
        database: ``sqlite`` or ``postgresql``; the second is killed too.
        folder: The run's own folder.
        conversations: How many customers write.
        seed: Decides who is killed when, and which deliveries fail.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        parts: dict[str, Killable] = {}
        url = f"sqlite:///{folder / 'secondvoice.db'}"
        if database == "postgresql":
            (folder / "cluster").mkdir()
            cluster = stack.enter_context(Cluster(folder / "cluster", port=_free_port()))
            parts["database"], url = cluster, cluster.url
        ledger = stack.enter_context(failing_receiver(seed=seed))
        _fill(url)
        port = _free_port()
        env = environment(folder, database=url, receiver=ledger.url, actions_port=port)
        address = f"http://127.0.0.1:{port}"
        actions = Part("actions", env=env, log=folder / "actions.log", probe=f"{address}/health")
        worker = Part("bot.worker", env=env, log=folder / "worker.log")
        for part in (actions, worker):
            stack.enter_context(part)
        parts |= {"actions": actions, "worker": worker}
        customers = Customers(address, count=conversations, seed=seed, patience=CUSTOMERS_PATIENCE)
        kills = _kill_while_they_write(parts, customers, seed=seed)
        worker.revive()
        _wait_for_deliveries(url, worker)
        return _result(url, customers.tally, ledger, kills, conversations, began=began)


def _kill_while_they_write(
    parts: dict[str, Killable], customers: Customers, *, seed: int
) -> Counter[str]:
    """Kill parts at random moments; each comes back as fast as it can."""
    chance, kills, done = random.Random(seed), Counter[str](), threading.Event()  # noqa: S311
    writing = write_all(customers, at_once=AT_ONCE, done=done.set)
    names = sorted(parts)
    starting: dict[str, threading.Thread] = {}
    while not done.wait(chance.uniform(*PAUSES)):
        [name] = chance.choices(names, [WEIGHTS[name] for name in names])
        worker = parts["worker"]
        if isinstance(worker, Part) and not _busy(starting, "worker"):
            worker.revive()
        # A part that is starting must now and then be left to it, or nothing ever answers.
        others_start = any(_busy(starting, other) for other in names)
        if _busy(starting, name) or (others_start and chance.random() < LEFT_TO_START):
            continue
        parts[name].kill()
        kills[name] += 1
        starting[name] = threading.Thread(target=parts[name].start)
        starting[name].start()
    writing.join()
    for thread in starting.values():
        thread.join()
    return kills


def _busy(starting: dict[str, threading.Thread], name: str) -> bool:
    return name in starting and starting[name].is_alive()


def _fill(url: str) -> None:
    """Load the demo bank; everybody of it is told through the receiver that fails."""
    migrate(url)
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        load_demo(session)
        session.execute(update(AccountManager).values(notify=["webhook:bank"]))
    engine.dispose()


def _wait_for_deliveries(url: str, worker: Part) -> None:
    engine = make_engine(url)
    sessions = session_factory(engine)

    def all_sent() -> bool:
        worker.revive()
        with sessions() as session:
            return _count(session, OutboxMessage.status == "pending") == 0

    until(all_sent, seconds=DELIVERED_WITHIN)
    engine.dispose()


def _result(
    url: str,
    tally: Tally,
    ledger: Ledger,
    kills: Counter[str],
    conversations: int,
    *,
    began: float,
) -> Result:
    engine = make_engine(url)
    with session_factory(engine)() as session:
        arrived_for = _addresses_reached(session, ledger)
        escalated = set(session.scalars(_addresses()))
        owed = _count(session)
        not_sent = _count(session, OutboxMessage.status != "sent")
    engine.dispose()
    other = sum(len(keys) - 1 for keys in ledger.keys_of.values())
    return Result(
        conversations=conversations,
        answered_turns=tally.turns,
        unanswered_turns=tally.unanswered,
        answers_that_nobody_was_told=tally.untold,
        customers_told=len(tally.told),
        customers_unanswered=len(tally.unfinished),
        kills_of_the_action_server=kills["actions"],
        kills_of_the_worker=kills["worker"],
        kills_of_the_database=kills["database"],
        escalations=len(escalated),
        messages_owed=owed,
        messages_arrived=len(ledger.arrivals),
        requests=ledger.requests,
        requests_failed=ledger.failed,
        duplicates_with_equal_keys=ledger.duplicates,
        duplicates_with_other_keys=other,
        # Whoever was told that a person knows, and whoever a person should know of.
        escalations_lost=len((tally.told | escalated) - arrived_for),
        messages_not_sent=not_sent,
        seconds=time.monotonic() - began,
    )


def _addresses_reached(session: Session, ledger: Ledger) -> set[str]:
    """Return the addresses of customers of whose escalation at least one message arrived."""
    rows = session.execute(
        _addresses().add_columns(OutboxMessage.dedupe_key).join(Escalation.messages)
    )
    return {address for address, key in rows if key in ledger.arrivals}


def _addresses():  # type: ignore[no-untyped-def]
    return select(Contact.address).select_from(Escalation).join(Case).join(Contact)


def _count(session: Session, *conditions: object) -> int:
    query = select(func.count()).select_from(OutboxMessage).where(*conditions)  # type: ignore[arg-type]
    return session.scalar(query) or 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
