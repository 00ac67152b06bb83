"""The commands of the rail clock, and the page that is made of the packs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import DataError, NotFoundError
from bot.recovery.page import rails_page
from bot.recovery.rendering import staff_lines
from bot.recovery.words import _FOLDER, clock_words, languages
from bot.settings import PROJECT_ROOT
from tests.recovery.payments import PACKS, seed

SEED = ["--amount", "1,700,000", "--at", "2026-11-20 20:00", "--channel", "corporate-online"]


def run(*arguments: str) -> str:
    """Run `secondvoice` and return what it prints; errors come out as they are raised."""
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_staff_view_shows_the_countdown() -> None:
    said = run("clock", *SEED, "--now", "2026-11-20 20:12:30", "--arrival", "real-time")
    assert "48 h 17 min" in said
    assert "Sun 22 Nov 2026" in said
    assert "article 23" in said


def test_staff_view_speaks_mandarin() -> None:
    said = run("clock", *SEED, "--now", "2026-11-20 20:12:30", "--language", "zh")
    assert "48小时17分" in said
    assert "大额支付系统" in said


def test_customer_view_tells_no_time() -> None:
    said = run("clock", *SEED, "--now", "2026-11-20 20:12:30", "--customer", "--language", "zh")
    assert "110" in said
    assert not re.search(r"\d{1,2}[:：]\d{2}|小时|分钟", said)


def test_view_for_machines() -> None:
    told: Any = json.loads(run("clock", *SEED, "--now", "2026-11-20 20:12:30", "--json"))
    assert told["deadline"] == "2026-11-22T20:30:00+08:00"
    assert told["rails"][0]["id"] == "hvps"


def test_bank_may_be_called_by_its_name_and_zone_given() -> None:
    arguments = ["--at", "2026-11-20 12:00", "--zone", "UTC", "--amount", "1700000"]
    now = ["--now", "2026-11-20 12:00", "--from-bank", "农行"]
    told: Any = json.loads(run("clock", *arguments, *now, "--json"))
    assert told["payment"]["paying_bank"] == "abc"
    assert told["payment"]["submitted_at"] == "2026-11-20T20:00:00+08:00"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--at", "2026-02-30 20:00"], "--at: '2026-02-30 20:00' is not a date and time"),
        (["--amount", "much"], "--amount: 'much' is not a number"),
        (["--amount", "-5"], "amount: -5 is not a payment"),
        (["--zone", "Mars/Base"], "--zone: 'Mars/Base' is not a time zone"),
        (["--to-bank", "nobank"], "receiving_bank: no file of payment_rails has a bank 'nobank'"),
        (["--jurisdiction", "gb", "--at", "2026-03-29 01:30"], "--at: '2026-03-29 01:30' never"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], problem: str) -> None:
    with pytest.raises(DataError, match=re.escape(problem)):
        run("clock", *arguments)


def test_check_names_what_is_past_its_review_and_goes_on() -> None:
    said = run("rails", "check", "--on", "2027-06-01")
    assert "payment_rails/cn.yml: sources/hvps_now: was to be looked at again by" in said
    assert "no problem found" in said


def test_page_is_made_from_the_packs() -> None:
    page = PROJECT_ROOT / "docs" / "payment-rails.md"
    assert page.read_text(encoding="utf-8") == rails_page(PACKS), (
        "Write it anew: secondvoice rails docs"
    )


def test_staff_are_told_when_a_fact_is_past_its_review() -> None:
    view = seed("2026-11-23 20:00", now="2027-06-01 09:00")
    assert "hvps_now" in {source.id for source in view.overdue}
    assert any(line.startswith("Past its review date") for line in staff_lines(view, "en"))


def test_language_without_words_is_refused() -> None:
    with pytest.raises(NotFoundError, match="has no 'xx'; choose one of en, zh"):
        staff_lines(seed("2026-11-23 20:00"), "xx")


def test_every_language_has_the_same_texts_with_the_same_fields() -> None:
    def fields(language: str) -> dict[str, set[str]]:
        path = _FOLDER / f"{language}.yml"
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))["texts"]
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in texts.items()}

    first, *others = languages()
    for other in others:
        assert {**fields(other), "moment": ...} == {**fields(first), "moment": ...}
        assert len(clock_words(other).weekdays) == 7
        assert len(clock_words(other).months) == 12
