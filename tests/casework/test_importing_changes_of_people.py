from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.cells import plain_method
from bot.casework.importing import ImportResult, import_branches, import_customers, import_managers
from bot.casework.models import AccountManager, Customer
from bot.casework.people import manager_in_charge
from bot.demo import load_demo
from bot.demo.loader import DEMO_DIR
from bot.errors import DataError
from tests.casework.builders import person


def table(
    folder: Path, name: str, changes: Mapping[str, Mapping[str, str]], *, drop: str = ""
) -> Path:
    """A demo table with some cells changed (code to column to text) and some columns left out."""
    with (DEMO_DIR / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [column for column in rows[0] if column not in drop.split()]
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | dict(changes.get(row["code"], {})) for row in rows)
    return path


def problems(session: Session, folder: Path, **changes: Mapping[str, str]) -> list[str]:
    path = table(folder, "managers.csv", {key.replace("_", "-"): v for key, v in changes.items()})
    with pytest.raises(DataError) as caught:
        import_managers(session, path)
    assert not session.new
    assert not session.dirty
    return list(caught.value.problems)


def customer(session: Session, code: str) -> Customer:
    return session.scalars(select(Customer).where(Customer.code == code)).one()


def test_a_manager_may_not_leave_customers_behind_with_nobody(
    session: Session, tmp_path: Path
) -> None:
    assert problems(session, tmp_path, M_01={"active": "no", "backup_manager": ""}) == [
        "managers.csv:2: active: nobody active answers for customer C-1001, C-1002 of M-01; "
        "give an active replaced_by or backup_manager",
        "managers.csv:4: active: nobody active answers for customer C-2002 of M-03; "
        "give an active replaced_by or backup_manager",
    ]
    assert person(session, "M-01").active


def test_a_backup_that_is_away_too_answers_for_nobody(session: Session, tmp_path: Path) -> None:
    found = problems(session, tmp_path, M_01={"active": "no"}, M_02={"active": "no"})
    assert [line.split(":")[1] for line in found] == ["2", "3", "4"]


@pytest.mark.parametrize("way", [{"replaced_by": "M-02", "backup_manager": ""}, {}])
def test_a_manager_may_leave_to_a_successor_or_be_away_with_a_backup(
    session: Session, tmp_path: Path, way: dict[str, str]
) -> None:
    path = table(tmp_path, "managers.csv", {"M-01": {"active": "no", **way}})
    import_managers(session, path)
    for code in ("C-1001", "C-2002"):
        answering = manager_in_charge(customer(session, code))
        assert answering is not None
        assert answering.code == "M-02"


def test_a_manager_without_customers_may_leave_without_a_successor(
    session: Session, tmp_path: Path
) -> None:
    path = table(tmp_path, "managers.csv", {"L-01": {"active": "no"}})
    assert import_managers(session, path).updated == 1


def test_many_customers_are_counted_and_not_all_named(session: Session, tmp_path: Path) -> None:
    for code in ("C-1003", "C-2001", "C-2003", "C-2002"):
        customer(session, code).account_manager = person(session, "M-01")
    session.commit()
    [found] = problems(session, tmp_path, M_01={"active": "no", "backup_manager": ""})
    assert "for C-1001, C-1002, C-1003, C-2001, C-2002 and 1 more customers of M-01" in found


def test_the_line_that_decides_is_named_where_the_managers_own_is_not_in_the_file(
    session: Session, tmp_path: Path
) -> None:
    text = (DEMO_DIR / "managers.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "managers.csv"
    path.write_text("\n".join([text[0], text[1].replace(",yes", ",no").replace(",M-02,", ",,")]))
    with pytest.raises(DataError) as caught:
        import_managers(session, path)
    assert [line.split(" of ")[1][:4] for line in caught.value.problems] == ["M-01", "M-03"]
    assert all(line.startswith("managers.csv:2: active:") for line in caught.value.problems)


def test_replacements_may_not_go_round_in_a_circle(session: Session, tmp_path: Path) -> None:
    found = problems(session, tmp_path, M_01={"replaced_by": "M-03"})
    assert found == [
        "managers.csv:2: replaced_by: goes round in a circle: M-01 → M-03 → M-01",
        "managers.csv:4: replaced_by: goes round in a circle: M-03 → M-01 → M-03",
    ]


def test_a_successor_exists_and_is_somebody_else(session: Session, tmp_path: Path) -> None:
    found = problems(session, tmp_path, M_01={"replaced_by": "M-01"}, M_02={"replaced_by": "M-77"})
    assert found == [
        "managers.csv:2: replaced_by: nobody is his own successor",
        'managers.csv:3: replaced_by: no account manager has the code "M-77"',
    ]


def test_a_customer_is_not_given_to_a_manager_for_whom_nobody_answers(
    session: Session, tmp_path: Path
) -> None:
    managers = table(tmp_path, "managers.csv", {"L-01": {"active": "no"}})
    import_managers(session, managers)
    path = table(tmp_path, "customers.csv", {"C-1001": {"account_manager": "L-01"}})
    with pytest.raises(DataError) as caught:
        import_customers(session, path)
    assert caught.value.problems == (
        "customers.csv:2: account_manager: L-01 is not active and nobody answers for him",
    )


def test_hours_of_work_are_kept_and_those_that_cannot_be_read_are_refused(
    session: Session, tmp_path: Path
) -> None:
    assert person(session, "M-03").working_pattern == "Mon-Fri 08:30-17:30"
    [found] = problems(session, tmp_path, L_01={"working_pattern": "whenever"})
    assert found.startswith("managers.csv:5: working_pattern: ")


NEW_FOR_MANAGERS = "replaced_by working_pattern"
NEW_FOR_CUSTOMERS = (
    "notify legal_representative_notify second_signer second_signer_phone second_signer_notify"
)


def test_files_made_for_an_older_version_still_import(empty: Session, tmp_path: Path) -> None:
    import_branches(empty, DEMO_DIR / "branches.csv")
    managers = table(tmp_path, "managers.csv", {"M-03": {"active": "yes"}}, drop=NEW_FOR_MANAGERS)
    assert import_managers(empty, managers) == ImportResult(created=5)
    customers = table(tmp_path, "customers.csv", {}, drop=NEW_FOR_CUSTOMERS)
    assert import_customers(empty, customers) == ImportResult(created=6)
    found = customer(empty, "C-1001")
    assert (found.second_signer, found.notify, found.second_signer_notify) == (None, [], [])
    assert person(empty, "M-03").working_pattern == ""


def test_an_older_file_leaves_what_it_does_not_know_as_it_is(
    session: Session, tmp_path: Path
) -> None:
    managers = table(tmp_path, "managers.csv", {}, drop=NEW_FOR_MANAGERS)
    customers = table(tmp_path, "customers.csv", {}, drop=NEW_FOR_CUSTOMERS)
    assert import_managers(session, managers) == ImportResult(unchanged=5)
    assert import_customers(session, customers) == ImportResult(unchanged=6)
    replaced_by = person(session, "M-03").replaced_by
    assert replaced_by is not None
    assert replaced_by.code == "M-01"
    assert customer(session, "C-1001").second_signer == "孙丽"


def test_an_empty_cell_of_a_new_column_takes_its_value_away(
    session: Session, tmp_path: Path
) -> None:
    empty = dict.fromkeys(NEW_FOR_CUSTOMERS.split(), "")
    import_customers(session, table(tmp_path, "customers.csv", {"C-1001": empty}))
    found = customer(session, "C-1001")
    assert (found.second_signer, found.notify, found.legal_representative_notify) == (None, [], [])


def test_how_people_are_told_is_checked_for_all_of_them(session: Session, tmp_path: Path) -> None:
    changes = {
        "C-1001": {"notify": "chat console", "second_signer_notify": "chat"},
        "C-1002": {"second_signer_phone": "+86 101 0000 0099", "notify": "pigeon"},
        "C-1003": {"legal_representative": "", "second_signer_phone": "call me"},
    }
    path = table(tmp_path, "customers.csv", changes)
    with pytest.raises(DataError) as caught:
        import_customers(session, path)
    assert list(caught.value.problems) == [
        "customers.csv:2: second_signer_notify: method 1 is chat, which reaches only customers",
        "customers.csv:3: notify: method 1 is neither console nor a URL",
        "customers.csv:3: second_signer_phone: is given, but there is no second_signer",
        'customers.csv:4: second_signer_phone: "call me" is not a telephone number',
        "customers.csv:4: legal_representative_phone: is given, "
        "but there is no legal_representative",
        "customers.csv:4: legal_representative_notify: is given, "
        "but there is no legal_representative",
    ]


def test_the_edge_says_which_methods_are_carried_and_no_method_is_repeated(
    session: Session, tmp_path: Path
) -> None:
    def only_console(method: str) -> None:
        if method != "console":
            raise ValueError("is carried by nothing here")

    secret = "https://desk:hunter2@mail.example/"
    path = table(tmp_path, "managers.csv", {"M-01": {"notify": f"console {secret}"}})
    with pytest.raises(DataError) as caught:
        import_managers(session, path, check_method=only_console)
    assert caught.value.problems == ("managers.csv:2: notify: method 2 is carried by nothing here",)
    import_managers(session, path)
    assert person(session, "M-01").notify == ["console", secret]


@pytest.mark.parametrize("method", ["console", "chat", "webhook:crm", "mailtos://a:b@c.example"])
def test_a_method_is_a_word_of_ours_or_has_a_scheme(method: str) -> None:
    plain_method(method)


def test_a_file_that_a_chinese_spreadsheet_saved_as_gbk_is_refused_with_what_to_do(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes((DEMO_DIR / "customers.csv").read_text(encoding="utf-8").encode("gbk"))
    with pytest.raises(DataError) as caught:
        import_customers(session, path)
    assert caught.value.problems == (
        "customers.csv: cannot be read as a UTF-8 CSV file: line 2 is not UTF-8 but seems to be "
        'GBK, as a Chinese spreadsheet saves it; save it again as "CSV UTF-8" and import that file',
    )


def test_unicode_text_of_a_spreadsheet_is_named_as_utf_16(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes((DEMO_DIR / "customers.csv").read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(DataError, match="not UTF-8 but UTF-16"):
        import_customers(session, path)


@pytest.mark.parametrize(("separator", "shown"), [(";", '";"'), ("\t", "tabs")])
def test_another_separator_is_one_problem_and_not_one_for_every_column(
    session: Session, tmp_path: Path, separator: str, shown: str
) -> None:
    path = tmp_path / "branches.csv"
    path.write_text(f"code{separator}name_en{separator}name_zh\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        import_branches(session, path)
    assert caught.value.problems == (
        f"branches.csv:1: the cells are separated by {shown}, not by commas",
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_a_byte_order_mark_are_read(
    session: Session, tmp_path: Path, line_end: str
) -> None:
    text = (DEMO_DIR / "customers.csv").read_text(encoding="utf-8")
    path = tmp_path / "customers.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", line_end).encode())
    assert import_customers(session, path) == ImportResult(unchanged=6)


def test_the_demo_has_one_manager_who_was_replaced_and_a_customer_he_left(
    empty: Session,
) -> None:
    load_demo(empty)
    [gone] = empty.scalars(select(AccountManager).where(~AccountManager.active)).all()
    [left] = empty.scalars(select(Customer).where(Customer.account_manager_id == gone.id)).all()
    answering = manager_in_charge(left)
    assert answering is not None
    assert (gone.code, left.code, answering.code) == ("M-03", "C-2002", "M-01")
