"""The benchmark's arithmetic, and that it counts what it says it counts."""

from __future__ import annotations

import os

import pytest

from benchmarks.measure import Measurement, measurement, memory_megabytes, time_turns
from benchmarks.turn import table


def test_warm_up_is_not_timed_and_every_conversation_is_begun():
    said: list[str] = []

    seconds = time_turns(
        said.append,
        lambda text: said.append(f"begin {text}"),
        [("a", "b"), ("c",)],
        turns=4,
        warm_up=1,
    )

    assert said == ["begin a", "a", "b", "begin c", "c", "begin a", "a", "b"]
    assert len(seconds) == 4


def test_no_texts_at_all_is_an_error_and_not_an_endless_loop():
    with pytest.raises(ValueError, match="nothing to say"):
        time_turns(print, print, [], turns=1, warm_up=0)


def test_turns_are_summarised_in_milliseconds():
    result = measurement(
        [0.010] * 90 + [0.100] * 10, ready_seconds=5, memory_megabytes=300, training_seconds=40
    )

    assert result.turns_per_second == pytest.approx(100 / 1.9)
    assert result.p50 == pytest.approx(10)
    assert result.p95 == pytest.approx(100)


def test_memory_of_a_process_is_its_resident_memory():
    assert 10 < memory_megabytes(os.getpid()) < 5_000


def test_table_has_the_ratio_of_product_to_starter():
    starter = Measurement(10, 100, 200, 20, 900, 80)
    product = Measurement(25, 40, 60, 5, 300, 20)

    lines = table({"starter": starter, "product": product}, turns=300).splitlines()

    assert "| turns a second | 10.0 | 25.0 | 2.50 × |" in lines
    assert "| memory of the engine | 900 MB | 300 MB | 0.33 × |" in lines
    assert "300 turns" in lines[0]


def test_table_of_one_assistant_has_no_ratio():
    text = table({"starter": Measurement(10, 100, 200, 20, 900, 80)}, turns=300)

    assert "×" not in text
