"""The checker of the payment rails reports all problems of all files, each as ``path: problem``."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import DataError
from bot.recovery import load_rail_packs
from bot.recovery.packs import RAILS_FOLDER
from tests.recovery.payments import PACKS

Change = Callable[[Any], None]


def china() -> Any:
    return yaml.safe_load((RAILS_FOLDER / "cn.yml").read_text(encoding="utf-8"))


def problems_of(tmp_path: Path, *changes: Change) -> list[str]:
    """Write China's pack with changes and return what the checker says, without the path."""
    document = copy.deepcopy(china())
    for change in changes:
        change(document)
    path = tmp_path / "cn.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_rail_packs(tmp_path)
    assert all(problem.startswith(f"{path}: ") for problem in refused.value.problems)
    return [problem.removeprefix(f"{path}: ") for problem in refused.value.problems]


def at(place: str, value: Any) -> Change:
    """Return a change that puts a value at a place such as ``rails/0/regimes/1/starts``."""

    def change(document: Any) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in place.split("/")]
        for step in way:
            document = document[step]
        document[last] = value

    return change


CROSS = [
    (at("id", "china"), "id: is 'china', but the file is called 'cn'"),
    (at("zone", "Asia/Nowhere"), "zone: 'Asia/Nowhere' is not a time zone"),
    (at("rails/0/source", "nobody"), "rails/0/source: no source is called 'nobody'"),
    (at("sources/fraud_law/confidence", "S"), "sources/fraud_law: confidence S needs unconfirmed"),
    (
        at("sources/fraud_law/review_by", "2020-01-01"),
        "sources/fraud_law/review_by: is not after the day it was seen",
    ),
    (at("rails/0/calendar", "moon"), "rails/0/calendar: no calendar is called 'moon'"),
    (at("calendars/working_days/country", "XX"), "calendars/working_days: the library has no"),
    (at("rails/1/caps/1/bank", "nobank"), "rails/ibps/caps/1/bank: no bank is called 'nobank'"),
    (at("bank_hours/0/bank", "nobank"), "bank_hours/0/bank: no bank is called 'nobank'"),
    (at("bank_hours/0/closes", "08:00"), "bank_hours/0: closes at 08:00, not after it opens"),
    (
        at("rails/0/regimes/1/starts", "2018-01-23"),
        "rails/hvps/regimes/b/starts: must be the day after 2018-01-21",
    ),
    (at("rails/0/regimes/0/opens", "18:00"), "rails/hvps/regimes/a: closes at 17:00, not after"),
    (at("rails/0/regimes/2/opens", "12:00"), "rails/hvps/regimes/c: opens on the day before"),
    (at("rails/2/caps/1/ends", "2020-01-01"), "rails/beps/caps/1: ends on 2020-01-01, before"),
    (lambda d: d["ladder"].pop("trace"), "ladder: has no 'trace'"),
    (lambda d: d["first_steps"][0].pop("zh"), "first_steps/0: has no 'zh'"),
    (lambda d: d["title"].update(xx="?"), "title: 'xx' is not a language in bot/recovery/words"),
    (
        at("first_steps/0/en", "You have 30 minutes."),
        "first_steps/0/en: customers are never told of time: '30 minutes'",
    ),
    (
        at("first_steps/0/zh", "还有时间，别急。"),
        "first_steps/0/zh: customers are never told of time: '还有时间'",
    ),
    (at("holds/0/starts", "2016-02-30"), "holds/0/starts: '2016-02-30' is no date"),
    (lambda d: d["banks"].append(d["banks"][0]), "banks: 'icbc' stands there more than once"),
    (lambda d: d["rails"].append(d["rails"][3]), "rails: 'inside_bank' stands there more than"),
    (lambda d: d["rails"][1].pop("caps"), "rails/ibps: takes amounts up to a cap, but has no caps"),
]
FORM = [
    (at("rails/0/regimes/0/opens", "25:00"), "rails/0/regimes/0/opens: '25:00' does not match"),
    (at("rails/1/caps/0/up_to", -1), "rails/1/caps/0/up_to: -1 is less than or equal to"),
    (at("rails/0/hours", "sometimes"), "rails/0/hours: 'sometimes' is not one of"),
    (lambda d: d["rails"][0].pop("regimes"), "rails/0: 'regimes' is a required property"),
    (lambda d: d["sources"]["fraud_law"].pop("seen"), "sources/fraud_law: 'seen' is a required"),
]


@pytest.mark.parametrize(("change", "problem"), [*CROSS, *FORM], ids=lambda v: str(v)[:60])
def test_problem_is_named_with_its_place(tmp_path: Path, change: Change, problem: str) -> None:
    found = problems_of(tmp_path, change)
    assert any(one.startswith(problem) for one in found), found


def test_all_problems_that_a_schema_cannot_see_come_at_once(tmp_path: Path) -> None:
    # Some changes take away what another one changes, or move the places of the others.
    apart = ("stands there more", "has no caps", "has no 'zh'")
    changes = [row for row in CROSS if not any(words in row[1] for words in apart)]
    found = problems_of(tmp_path, *(change for change, _ in changes))
    assert [p for _, p in changes if not any(one.startswith(p) for one in found)] == []


def test_all_files_are_read_before_anything_is_said(tmp_path: Path) -> None:
    (tmp_path / "aa.yml").write_text("a: [", encoding="utf-8")
    (tmp_path / "bb.yml").write_text("seen: 2026-02-30", encoding="utf-8")
    (tmp_path / "cc.yml").write_text("id: cc", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_rail_packs(tmp_path)
    assert {Path(p.split(": ")[0]).name for p in refused.value.problems} == {
        "aa.yml",
        "bb.yml",
        "cc.yml",
    }


def test_folder_without_packs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no payment rails"):
        load_rail_packs(tmp_path)


def test_bank_stands_in_one_pack_only(tmp_path: Path) -> None:
    for name in ("cn", "hk"):
        document = yaml.safe_load((RAILS_FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
        document["banks"] = china()["banks"]
        text = yaml.safe_dump(document, allow_unicode=True)
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"hk.yml: banks: 'icbc' is taken by cn.yml"):
        load_rail_packs(tmp_path)


def test_fact_past_its_review_date_is_reported_and_still_serves() -> None:
    assert PACKS.overdue(on=date(2026, 11, 25)) == []
    overdue = {source.id for pack, source in PACKS.overdue(on=date(2027, 6, 1)) if pack.id == "cn"}
    assert "hvps_now" in overdue
    assert "fraud_law" not in overdue


def test_every_doubtful_fact_says_so() -> None:
    sources = [source for pack in PACKS for source in pack.sources.values()]
    assert all(source.unconfirmed for source in sources if source.confidence != "R")


def test_eight_packs_are_there() -> None:
    assert sorted(PACKS.packs) == ["au", "cn", "eu", "gb", "hk", "sg", "swift", "us"]


@pytest.mark.parametrize("name", ["icbc", "工行", "ICBC", "中国工商银行", " 工商银行 "])
def test_bank_is_found_by_every_name(name: str) -> None:
    assert PACKS.jurisdiction("cn").bank_named(name) == "icbc"
