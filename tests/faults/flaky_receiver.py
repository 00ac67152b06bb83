"""A bank's server that fails a third of the time, and remembers all that it has got."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.notify.receiver import Answer, Received, receiving

FAILS = 1 / 3


@dataclass
class Ledger:
    """What has arrived.

    Args:
        url: Where the server listens.
        arrivals: How often each dedupe key arrived, those included that got no answer.
        keys_of: The dedupe keys under which each piece of news arrived.
        requests: All requests.
        failed: Requests that were refused or got no answer.
    """

    url: str = ""
    arrivals: Counter[str] = field(default_factory=Counter)
    keys_of: dict[str, set[str]] = field(default_factory=dict)
    requests: int = 0
    failed: int = 0

    @property
    def duplicates(self) -> int:
        """Arrivals beyond the first of their key."""
        return self.arrivals.total() - len(self.arrivals)


@contextmanager
def failing_receiver(*, seed: int) -> Iterator[Ledger]:
    """Serve until the block ends.

    Args:
        seed: Decides which requests fail, and how.
    """
    ledger, chance, lock = Ledger(), random.Random(seed), threading.Lock()  # noqa: S311

    def answer(request: Received) -> Answer:
        with lock:
            ledger.requests += 1
            fails = chance.random() < FAILS
            ledger.failed += fails
            how = chance.choice(["refuse", "busy", "hang up"])
            if not fails or how == "hang up":
                _note(ledger, request)
        if not fails:
            return Answer(status=200, body=b"{}")
        if how == "hang up":  # It has taken the message, but nobody will know.
            raise ConnectionResetError
        status, headers = (503, {"Retry-After": "1"}) if how == "busy" else (500, {})
        return Answer(status=status, headers=headers)

    with receiving() as receiver:
        receiver.answer = answer
        receiver.keep = False
        ledger.url = receiver.url
        yield ledger


def _note(ledger: Ledger, request: Received) -> None:
    content = json.loads(request.body)
    key = content["dedupe_key"]
    assert key == request.headers["idempotency-key"]
    ledger.arrivals[key] += 1
    details = content["details"]
    news = json.dumps(
        [
            content["recipient"],
            *(details.get(name) for name in ("escalation", "exposure", "reason")),
        ]
    )
    ledger.keys_of.setdefault(news, set()).add(key)
