"""Customers in danger, each of whom writes until he is answered."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.counsel.phrases import phrases

ANSWER_SECONDS = 5.0
PAUSE_SECONDS = 0.3

ON_THE_PHONE = ("action_on_the_phone", "on_the_phone", "They are on the phone with me right now")
HAS_PAID = ("action_has_paid", "has_paid", "I have sent 1.7 million yuan to the account they named")


@dataclass
class Tally:
    """What the customers have lived through.

    Args:
        turns: Answered turns.
        unanswered: Turns that got no answer, which count as "not told".
        untold: Answers which said that nobody has been told.
        told: Addresses of customers who were answered that somebody has been told.
        unfinished: Addresses of customers who never got an answer to all they wrote.
    """

    turns: int = 0
    unanswered: int = 0
    untold: int = 0
    told: set[str] = field(default_factory=set)
    unfinished: set[str] = field(default_factory=set)


class Customers:
    """Writes to the action server as Rasa does when customers write.

    Args:
        url: The action server.
        count: How many conversations there are.
        seed: Decides who writes what.
        patience: Seconds after which a customer gives up a turn.
    """

    def __init__(self, url: str, *, count: int, seed: int, patience: float) -> None:
        self._url = url
        self._count = count
        self._chance = random.Random(seed)  # noqa: S311
        self._patience = patience
        self._lock = threading.Lock()
        self._told = _pattern("told_manager", "told_duty_desk", "still_told_manager")
        self._untold = _pattern("nobody_told", "safe_answer")
        self.tally = Tally()

    def write(self, *, at_once: int) -> None:
        """Have all conversations, some at once."""
        everybody = [
            (f"web:f{number}", self._chance.random() < 0.5) for number in range(self._count)
        ]
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(self._converse, everybody))

    def _converse(self, customer: tuple[str, bool]) -> None:
        address, was_on_the_phone = customer
        steps = [ON_THE_PHONE, HAS_PAID] if was_on_the_phone else [HAS_PAID]
        with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as http:
            for step in steps:
                self._say_until_answered(http, address, step)

    def _say_until_answered(
        self, http: httpx.Client, address: str, step: tuple[str, str, str]
    ) -> None:
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            texts = self._say(http, address, step)
            with self._lock:
                if self._count_answer(address, texts):
                    return
            time.sleep(PAUSE_SECONDS)
        self.tally.unfinished.add(address)

    def _count_answer(self, address: str, texts: list[str] | None) -> bool:
        """Count an answer; return whether the customer may go on."""
        if texts is None:
            self.tally.unanswered += 1
            return False
        self.tally.turns += 1
        if any(self._told.search(text) for text in texts):
            self.tally.told.add(address)
        if any(self._untold.search(text) or "[[" in text for text in texts):
            self.tally.untold += 1
            return False
        return True

    def _say(
        self, http: httpx.Client, address: str, step: tuple[str, str, str]
    ) -> list[str] | None:
        """Return what the assistant said; None where the turn was not answered."""
        try:
            answer = http.post(f"{self._url}/webhook", json=_call(address, *step))
            answer.raise_for_status()
            return [item.get("text") or "" for item in answer.json()["responses"]]
        except (httpx.HTTPError, ValueError):
            return None


def _call(address: str, action: str, intent: str, text: str) -> dict[str, Any]:
    """What Rasa posts to the action server for one message."""
    parsed = {"intent": {"name": intent, "confidence": 0.99}, "entities": [], "text": text}
    tracker = {
        "sender_id": address,
        "slots": {"language": "en"},
        "latest_message": parsed,
        "latest_event_time": 0.0,
        "followup_action": None,
        "paused": False,
        "events": [{"event": "user", "text": text, "parse_data": parsed, "timestamp": 0.0}],
        "latest_input_channel": "rest",
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {
        "next_action": action,
        "sender_id": address,
        "tracker": tracker,
        "domain": {},
        "version": "3.6.21",
    }


def _pattern(*keys: str) -> re.Pattern[str]:
    """Match what the assistant says with any of some sentences, whatever fills their fields."""
    texts = phrases("en").texts
    sentences = ["(?:.+)".join(map(re.escape, re.split(r"\{\w+\}", texts[key]))) for key in keys]
    return re.compile("|".join(sentences))


def write_all(customers: Customers, *, at_once: int, done: Callable[[], None]) -> threading.Thread:
    """Let the customers write in a thread of their own, and say when they have done."""

    def run() -> None:
        try:
            customers.write(at_once=at_once)
        finally:
            done()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
