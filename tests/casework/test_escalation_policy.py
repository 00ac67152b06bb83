"""The policy file: what it may say, and that a bad one is refused with every problem."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.casework.policy import Facts, Policy, load_policy
from bot.casework.working_pattern import parse_working_pattern
from bot.errors import ConfigurationError
from bot.settings import Settings

FILE = Settings(_env_file=None).escalation_file
POLICY = load_policy(FILE)


def facts(**values: Any) -> Facts:
    shown: dict[str, Any] = {
        "reason": "wants_a_person",
        "level": "scam",
        "exposure": "contacted",
        "amount": None,
        "tier": "monthly",
        **values,
    }
    return Facts(**shown)


def written(folder: Path, **changes: Any) -> Path:
    """The demonstration's file with changes, in a new file."""
    document = yaml.safe_load(FILE.read_text(encoding="utf-8")) | changes
    path = folder / f"escalation{len(list(folder.iterdir()))}.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        load_policy(path)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("life_in_danger", facts(reason="may_hurt_themselves", exposure="paid", amount=Decimal(9))),
        ("large_payment_sent", facts(exposure="paid", amount=Decimal(50_000), tier="on_call")),
        ("large_payment_threatened", facts(exposure="engaged", amount=Decimal(1_700_000))),
        ("danger_on_call", facts(exposure="engaged", tier="on_call")),
        ("money_or_secret_gone", facts(exposure="paid", amount=Decimal("49999.99"))),
        ("money_or_secret_gone", facts(exposure="disclosed", tier=None)),
        ("engaged", facts(exposure="engaged", tier="quarterly")),
        ("on_call", facts(tier="on_call")),
        ("otherwise", facts(exposure="asking", level="clear", tier=None)),
    ],
)
def test_the_first_rule_that_fits_counts(rule: str, shown: Facts) -> None:
    assert POLICY.rule_for(shown).id == rule


def test_every_rule_says_why_and_ends_with_desk_and_leader() -> None:
    for rule in POLICY.policy:
        assert rule.why.endswith("."), rule.id
        assert {"duty_desk", "leader"} <= set(rule.ask), rule.id


def test_danger_is_asked_about_within_five_minutes_and_a_contact_within_thirty() -> None:
    minutes = {
        exposure: POLICY.rule_for(facts(exposure=exposure)).minutes
        for exposure in ("asking", "contacted", "engaged", "disclosed", "paid")
    }
    assert minutes == {"asking": 30, "contacted": 30, "engaged": 5, "disclosed": 5, "paid": 5}


def test_a_remittance_is_large_from_fifty_thousand_on() -> None:
    assert POLICY.is_large(Decimal(50_000))
    assert not POLICY.is_large(Decimal("49999.99"))
    assert not POLICY.is_large(None)


def test_a_rule_with_fewer_minutes_more_people_or_more_methods_is_more_urgent() -> None:
    rule = POLICY.policy[-1]
    faster = rule.model_copy(update={"minutes": 29})
    more = rule.model_copy(update={"together": 2})
    louder = rule.model_copy(update={"methods": "all"})
    assert all(other.is_more_urgent_than(rule) for other in (faster, more, louder))
    assert not any(rule.is_more_urgent_than(other) for other in (faster, more, louder, rule))
    assert faster.is_more_urgent_than(more)


def test_a_bad_file_is_refused_with_every_problem_at_its_path(tmp_path: Path) -> None:
    rule = {
        "id": "No Good",
        "why": "short",
        "when": {"exposures": ["ruined"], "reasons": ["bored"], "tiers": ["gold"], "amount": 5},
        "minutes": 0,
        "ask": ["boss"],
        "methods": "loud",
        "together": 5,
        "sound": "siren",
    }
    path = written(tmp_path, policy=[rule], digest_at="8 o'clock", large_remittance=0)
    found = [problem.removeprefix(f"{path.name}: ") for problem in problems(path)]
    assert [problem.partition(":")[0] for problem in found] == [
        "large_remittance",
        "digest_at",
        "policy.0.id",
        "policy.0.why",
        "policy.0.when.reasons.0",
        "policy.0.when.exposures.0",
        "policy.0.when.tiers.0",
        "policy.0.when.amount",
        "policy.0.minutes",
        "policy.0.ask.0",
        "policy.0.methods",
        "policy.0.together",
        "policy.0.sound",
    ]
    assert '"ruined" is no exposure; write one of asking, contacted' in "\n".join(found)


def test_a_policy_that_leaves_somebody_alone_is_refused(tmp_path: Path) -> None:
    rules = yaml.safe_load(FILE.read_text(encoding="utf-8"))["policy"]
    [problem] = problems(written(tmp_path, policy=rules[:-1]))
    assert "the last entry must fit every case" in problem


def test_a_rule_that_is_never_reached_and_an_id_used_twice_are_refused(tmp_path: Path) -> None:
    rules = yaml.safe_load(FILE.read_text(encoding="utf-8"))["policy"]
    [problem] = problems(written(tmp_path, policy=[rules[-1], rules[0], rules[-1]]))
    assert "never reached" in problem
    assert '"otherwise" stands twice' in problem


@pytest.mark.parametrize("text", ["policy: [", "just words", "", "policy: []"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "escalation.yml"
    path.write_text(text, encoding="utf-8")
    assert problems(path)


def test_a_missing_file_names_the_setting(tmp_path: Path) -> None:
    [problem] = problems(tmp_path / "none.yml")
    assert "SECONDVOICE_ESCALATION_FILE" in problem


def test_a_time_without_quotes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "escalation.yml"
    text = FILE.read_text(encoding="utf-8").replace('"08:30"', "08:30")
    path.write_text(text, encoding="utf-8")
    assert isinstance(load_policy(path), Policy)  # YAML takes 08:30 for a text, 8:30 for a number.
    path = tmp_path / "other.yml"
    path.write_text(text.replace("08:30", "8:30"), encoding="utf-8")
    assert "in quotes" in problems(path)[0]


@pytest.mark.parametrize(
    ("pattern", "local", "expected"),
    [
        ("", "2024-03-17 03:00", True),
        ("Mon-Fri 08:30-17:30; Sat 09:00-12:00", "2024-03-14 08:30", True),
        ("Mon-Fri 08:30-17:30; Sat 09:00-12:00", "2024-03-14 17:30", False),
        ("Mon-Fri 08:30-17:30; Sat 09:00-12:00", "2024-03-16 11:59", True),
        ("Mon-Fri 08:30-17:30; Sat 09:00-12:00", "2024-03-17 10:00", False),
        ("Fri-Mon 10:00-11:00", "2024-03-17 10:30", True),
        ("Mon,Wed 10:00-11:00", "2024-03-12 10:30", False),
        ("Fri 22:00-06:00", "2024-03-16 05:59", True),
        ("Fri 22:00-06:00", "2024-03-15 05:59", False),
        ("Mon-Sun 00:00-24:00", "2024-03-17 23:59", True),
        ("mon-sun 08:00-08:00", "2024-03-17 07:59", True),
    ],
)
def test_working_hours_are_read_by_the_clock_on_the_wall(
    pattern: str, local: str, expected: bool
) -> None:
    from datetime import datetime

    assert parse_working_pattern(pattern).covers(datetime.fromisoformat(local)) is expected


@pytest.mark.parametrize(
    "pattern",
    ["whenever", "Mon 8-17", "Moon 08:00-17:00", "Mon 08:00-25:00", "Mon 08:61-09:00", "Mon-"],
)
def test_working_hours_of_another_form_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="write"):
        parse_working_pattern(pattern)
