from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.casework.importing import (
    ImportResult,
    import_branches,
    import_customers,
    import_managers,
)
from bot.casework.models import AccountManager, Branch, Customer
from bot.demo import load_demo
from bot.demo.loader import DEMO_DIR
from bot.errors import DataError

Importer = Callable[[Session, Path], ImportResult]


def edited(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A demo table with some text replaced."""
    text = (DEMO_DIR / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(importer: Importer, session: Session, path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        importer(session, path)
    assert not session.new
    assert not session.dirty
    return list(caught.value.problems)


def customer(session: Session, code: str) -> Customer:
    return session.scalars(select(Customer).where(Customer.code == code)).one()


def test_the_demo_bank_is_loaded_once_however_often_it_is_asked_for(empty: Session) -> None:
    first = load_demo(empty)
    assert [result.created for result in first.values()] == [1, 5, 6]
    second = load_demo(empty)
    assert [result.unchanged for result in second.values()] == [1, 5, 6]
    assert empty.scalar(select(func.count()).select_from(Customer)) == 6


def test_the_demo_has_both_kinds_all_tiers_and_both_languages(session: Session) -> None:
    customers = session.scalars(select(Customer)).all()
    assert sorted(c.kind for c in customers) == ["corporate"] * 3 + ["private"] * 3
    assert {c.tier for c in customers} == {"on_call", "monthly", "quarterly"}
    assert {c.language for c in customers} == {"en", "zh"}
    accountant = customer(session, "C-1001")
    assert (accountant.tier, accountant.account_manager.code) == ("on_call", "M-01")
    assert customer(session, "C-2001").account_manager.name_in("en") == "Grace Lin"


def test_every_demo_number_has_the_unassigned_prefix() -> None:
    for table in DEMO_DIR.glob("*.csv"):
        text = table.read_text(encoding="utf-8")
        assert text.count("+86") == text.count("+86 101 0000 00")


def test_a_changed_line_updates_its_customer_and_leaves_the_others(
    session: Session, tmp_path: Path
) -> None:
    path = edited(tmp_path, "customers.csv", (",M-01,B-01\nC-1002", ",M-02,B-01\nC-1002"))
    assert import_customers(session, path) == ImportResult(updated=1, unchanged=5)
    assert customer(session, "C-1001").account_manager.code == "M-02"


def test_a_file_saved_by_a_spreadsheet_with_byte_order_mark_is_read(
    session: Session, tmp_path: Path
) -> None:
    path = edited(tmp_path, "customers.csv", ("1860000", '"1,860,000.00"'), ("\n", "\r\n"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\r", b"\r"))
    assert import_customers(session, path).unchanged == 6


def test_all_problems_are_reported_by_line_and_nothing_is_imported(
    session: Session, tmp_path: Path
) -> None:
    path = edited(
        tmp_path,
        "customers.csv",
        ("1860000", "2000000"),
        ("320000", "abc"),
        ("95000", "-1"),
        ("C-2001,Daniel Reed,,private", "C-1003,Daniel Reed,,person"),
        ("200000,zh,Asia/Shanghai,", "200000,xx,Mars/Base,"),
        (",M-03,", ",M-77,"),
        ("36500.50", "36500.505"),
        ("M-02,B-01\nC-2002", "M-02,B-09\nC-2002"),
    )
    assert problems_of(import_customers, session, path) == [
        'customers.csv:3: average_daily_balance: "abc" is not an amount in yuan',
        'customers.csv:4: average_daily_balance: "-1" is negative',
        'customers.csv:5: code: "C-1003" is already on line 4',
        'customers.csv:5: kind: "person" is not one of corporate, private',
        'customers.csv:5: branch: no branch has the code "B-09"',
        'customers.csv:6: language: "xx" is not one of en, zh',
        'customers.csv:6: timezone: "Mars/Base" is not a time zone such as Asia/Shanghai',
        'customers.csv:6: account_manager: no account manager has the code "M-77"',
        'customers.csv:7: average_daily_balance: "36500.505" is not an amount in yuan',
    ]
    assert customer(session, "C-1001").average_daily_balance == 1_860_000


@pytest.mark.parametrize(
    "amount", ["", "nan", "1e5", "１２", "1,23", "9" * 16, "Infinity", "12.", "0x10"]
)
def test_what_is_no_plain_amount_is_not_guessed_at(
    session: Session, tmp_path: Path, amount: str
) -> None:
    path = edited(tmp_path, "customers.csv", ("320000", f'"{amount}"'))
    [problem] = problems_of(import_customers, session, path)
    assert problem.startswith("customers.csv:3: average_daily_balance: ")


def test_a_misspelt_or_missing_column_is_named(session: Session, tmp_path: Path) -> None:
    path = edited(tmp_path, "customers.csv", ("average_daily_balance", "balance"))
    assert problems_of(import_customers, session, path) == [
        "customers.csv:1: average_daily_balance: the column is missing",
        'customers.csv:1: "balance" is not a column of this table',
    ]


def test_a_line_with_too_many_cells_is_named(session: Session, tmp_path: Path) -> None:
    path = edited(tmp_path, "customers.csv", ("320000", "320,000"))
    assert problems_of(import_customers, session, path) == [
        "customers.csv:3: has 19 cells, the header has 18"
    ]


def test_a_line_break_inside_a_cell_is_refused_and_lines_stay_those_of_the_editor(
    session: Session, tmp_path: Path
) -> None:
    path = edited(
        tmp_path, "customers.csv", ("苏婉清", '"苏\n婉清"'), ("95000", "x"), ("C-2001", "\nC-2001")
    )
    assert problems_of(import_customers, session, path) == [
        "customers.csv:3: name: contains a line break or another control character",
        'customers.csv:5: average_daily_balance: "x" is not an amount in yuan',
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'code,name\n"open'])
def test_a_file_that_is_no_csv_is_refused_in_one_sentence(
    session: Session, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    [problem] = problems_of(import_customers, session, path)
    assert problem.startswith("customers.csv: cannot be read as a UTF-8 CSV file")


def test_a_missing_or_empty_file_is_a_problem_not_a_crash(session: Session, tmp_path: Path) -> None:
    [problem] = problems_of(import_customers, session, tmp_path / "customers.csv")
    assert "cannot be read" in problem
    (tmp_path / "branches.csv").touch()
    assert len(problems_of(import_branches, session, tmp_path / "branches.csv")) == 8


def test_a_corporate_customer_needs_a_company(session: Session, tmp_path: Path) -> None:
    path = edited(tmp_path, "customers.csv", ("Reed,,private", "Reed,,corporate"))
    assert problems_of(import_customers, session, path) == [
        "customers.csv:5: company: is empty, but the customer is corporate"
    ]


def test_managers_may_name_each_other_as_backup_in_one_file(empty: Session) -> None:
    import_branches(empty, DEMO_DIR / "branches.csv")
    result = import_managers(empty, DEMO_DIR / "managers.csv")
    assert result == ImportResult(created=5)
    managers = {row.code: row for row in empty.scalars(select(AccountManager))}
    assert managers["M-01"].backup_manager is managers["M-02"]
    assert managers["M-02"].backup_manager is managers["M-01"]
    assert managers["L-01"].backup_manager is None


def test_a_manager_whom_nothing_can_reach_is_not_imported(session: Session, tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        "managers.csv",
        ("zh,console,yes\nM-02", "zh,,perhaps\nM-02"),
        ("en,console,yes", "en,console mail:grace:hunter2,yes"),
        ("+86 101 0000 0013", "call me"),
        (",L-01,", ",D-01,"),
        ("支行行长", ""),
    )
    found = problems_of(import_managers, session, path)
    assert found == [
        "managers.csv:2: notify: is empty; give console or a method URL",
        'managers.csv:2: active: "perhaps" is not one of yes, no',
        "managers.csv:3: notify: method 2 is neither console nor a URL",
        "managers.csv:5: title_zh: is empty",
        'managers.csv:5: mobile: "call me" is not a telephone number',
        "managers.csv:6: backup_manager: nobody is his own backup",
    ]


def test_a_third_language_is_one_more_column(session: Session, tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        "branches.csv",
        ("name_zh,", "name_zh,name_fr,"),
        ("江畔银行古渡支行,", "江畔银行古渡支行,Banque du Vieux Bac,"),
    )
    import_branches(session, path)
    branch = session.scalars(select(Branch)).one()
    assert branch.name_in("fr") == "Banque du Vieux Bac"
    assert branch.name_in("de") == "Riverside Bank Old Ferry Branch"
