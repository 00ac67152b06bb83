"""What a measurement of turns is, and how one is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import psutil

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Measurement:
    """Figures of one assistant.

    Args:
        turns_per_second: One customer, one turn after the other.
        p50: Median time of a turn, milliseconds.
        p95: Time that 95 of 100 turns stay within, milliseconds.
        ready_seconds: From the start of the engine process until it answers.
        memory_megabytes: Resident memory of the engine process after the turns, with its children.
        training_seconds: Training from nothing, with the start of the command.
    """

    turns_per_second: float
    p50: float
    p95: float
    ready_seconds: float
    memory_megabytes: float
    training_seconds: float


def time_turns(
    say: Callable[[str], None],
    begin: Callable[[str], None],
    texts: Iterable[tuple[str, ...]],
    *,
    turns: int,
    warm_up: int,
) -> list[float]:
    """Have conversations one after the other and time their turns.

    Args:
        say: Sends one text and returns when the answer is there; raises if it is no real answer.
        begin: Begins a new conversation for its first text, which it does not send; not timed.
        texts: What the customer says, conversation by conversation, over and over.
        turns: How many turns are timed.
        warm_up: How many turns come before, untimed.

    Returns:
        Seconds of each timed turn.
    """
    seconds: list[float] = []
    for at, (first, text) in enumerate(_endless(tuple(texts))):
        if at == warm_up + turns:
            return seconds
        if first:
            begin(text)
        started = time.perf_counter()
        say(text)
        if at >= warm_up:
            seconds.append(time.perf_counter() - started)
    raise ValueError("There is nothing to say.")


def measurement(
    seconds: list[float], *, ready_seconds: float, memory_megabytes: float, training_seconds: float
) -> Measurement:
    """Summarise timed turns (seconds each)."""
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    return Measurement(
        turns_per_second=len(seconds) / sum(seconds),
        p50=percentiles[49] * 1000,
        p95=percentiles[94] * 1000,
        ready_seconds=ready_seconds,
        memory_megabytes=memory_megabytes,
        training_seconds=training_seconds,
    )


def memory_megabytes(pid: int) -> float:
    """Return the resident memory of a process and its children, megabytes."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / MEGABYTE


def _endless(conversations: tuple[tuple[str, ...], ...]) -> Iterator[tuple[bool, str]]:
    """Repeat the conversations; each text comes with whether it is the first of one."""
    while any(conversations):
        for texts in conversations:
            for at, text in enumerate(texts):
                yield at == 0, text
