from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from bot.casework.base import in_language
from bot.casework.cards import contact_card
from bot.casework.cases import correct
from bot.casework.handover import handover_summary
from bot.casework.words import WORDS_DIR, languages, words_for
from bot.errors import NotFoundError
from tests.casework.builders import EVENING, open_case, person


def placeholders(value: Any) -> Any:
    """The same tree with only the placeholders of each text."""
    if isinstance(value, dict):
        return {key: placeholders(part) for key, part in value.items()}
    return sorted(re.findall(r"{(\w+)}", value))


def test_the_words_exist_in_english_and_mandarin() -> None:
    assert {"en", "zh"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_words_with_the_same_placeholders(language: str) -> None:
    english, other = (
        yaml.safe_load((WORDS_DIR / f"{code}.yml").read_text(encoding="utf-8"))
        for code in ("en", language)
    )
    assert placeholders(other) == placeholders(english)
    assert words_for(language).duty_desk


def test_a_language_without_words_is_answered_in_english() -> None:
    assert words_for("xx") == words_for("en")


def test_the_summary_tells_the_manager_all_he_must_know_before_he_calls(session: Session) -> None:
    case = open_case(session, exposure="engaged")
    summary = handover_summary(
        session,
        case,
        language="en",
        reason="on_the_phone_now",
        script_title="Fake card debt",
    )
    for expected in (
        "Why you are asked: the caller is on the line",
        "Customer: Chen Wei (C-1001), corporate",
        "Company: Hengtai Trading Co., Ltd.",
        "Care: on call, day and night",
        "through: web",
        f"Case: {case.reference}, opened 2024-03-14 20:00",
        "How sure we are: a scam",
        "How far in: in the caller's hands right now",
        "Script: Fake card debt",
        "Stage: step 2 of 6",
        "- “they will sue me tonight”",
        "Ask first: Are you still on the line",
        "Bring in the legal representative: 何建国, +86 101 0000 0021",
    ):
        assert expected in summary.text


def test_the_mandarin_summary_is_mandarin_throughout(session: Session) -> None:
    case = open_case(
        session,
        exposure="paid",
        red_flags=[("sued_at_once", "他说今晚就起诉我")],
    )
    text = handover_summary(
        session, case, language="zh", reason="has_paid", script_title="虚假信用卡欠款"
    ).text
    assert "客户：陈伟（C-1001），对公客户" in text
    assert "“他说今晚就起诉我”" in text
    assert "启动止付" in text
    latin = set(re.findall(r"[A-Za-z]{2,}", text)) - {"SV", "web"}
    assert not {word for word in latin if word not in case.reference}


def test_the_subject_names_no_person(session: Session) -> None:
    case = open_case(session)
    subject = handover_summary(session, case, language="zh").subject
    assert subject == f"{case.reference}：已有人联系客户（诈骗）"


def test_a_quote_is_shown_once_and_a_corrected_one_not_at_all(session: Session) -> None:
    case = open_case(
        session,
        red_flags=[("threat", "sue me"), ("deadline", "sue me"), ("secrecy", "tell no one")],
    )
    correct(session, case, red_flags=["secrecy"], now=EVENING)
    text = handover_summary(session, case, language="en").text
    assert text.count("sue me") == 1
    assert "tell no one" not in text
    correct(session, case, red_flags=None, now=EVENING)
    assert "no red flag yet" in handover_summary(session, case, language="en").text


def test_braces_in_a_customers_words_stay_words(session: Session) -> None:
    case = open_case(session, red_flags=[("threat", "{reference.__class__} {0}")])
    text = handover_summary(session, case, language="en").text
    assert "- “{reference.__class__} {0}”" in text


def test_the_legal_representative_is_not_brought_in_for_a_mere_question(session: Session) -> None:
    case = open_case(session)
    assert "legal representative" not in handover_summary(session, case, language="en").text


def test_an_identified_customer_gets_his_account_managers_card(session: Session) -> None:
    assert contact_card(session, open_case(session)).to_dict() == {
        "kind": "manager",
        "name": "周敏",
        "title": "客户经理",
        "branch": "江畔银行古渡支行",
        "mobile": "+86 101 0000 0011",
        "backup": "+86 101 0000 0001",
        "hours": "全天24小时，节假日不休",
        "language": "zh",
    }


def test_the_card_is_written_in_the_language_that_is_asked_for(session: Session) -> None:
    card = contact_card(session, open_case(session), language="en")
    assert (card.name, card.title) == ("Zhou Min", "Account manager")
    assert card.branch == "Riverside Bank Old Ferry Branch"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_visitor_gets_the_duty_desk_and_nobodys_private_number(
    session: Session, language: str
) -> None:
    case = open_case(session, customer=None)
    person(session, "D-01").active = False
    card = contact_card(session, case, language=language)
    assert (card.kind, card.mobile) == ("duty_desk", "+86 101 0000 0001")
    private = {person(session, code).mobile for code in ("M-01", "M-02", "L-01")}
    assert not private & set(card.to_dict().values())
    assert card.name == {"en": "Duty desk", "zh": "值班台"}[language]


def test_the_card_shows_the_backup_while_the_manager_is_away(session: Session) -> None:
    case = open_case(session)
    person(session, "M-01").active = False
    assert contact_card(session, case).name == "林嘉怡"


def test_a_bank_without_branches_has_no_card(empty: Session) -> None:
    with pytest.raises(NotFoundError, match="import the branches"):
        contact_card(empty, open_case(empty, customer=None))


def test_a_missing_translation_falls_back_to_english_and_then_to_any() -> None:
    assert in_language({"en": "a", "zh": "b"}, "fr") == "a"
    assert in_language({"zh": "b"}, "fr") == "b"
    assert in_language({}, "fr", default="c") == "c"
