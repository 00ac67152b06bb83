from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.card_links import (
    issue_link,
    last_day,
    link_by_token,
    name_by_card,
    revoke_links,
    status_of,
)
from bot.casework.cards import contact_card, customer_card
from bot.casework.care import customer_by_code
from bot.casework.cases import case_for
from bot.casework.contacts import identify
from bot.casework.escalations.representatives import Who, tell_representative
from bot.casework.handover import handover_summary
from bot.casework.models import CardLink, Case, OutboxMessage
from bot.casework.people import branch_for, current_manager, responsible_for
from bot.errors import NotFoundError
from tests.casework.builders import EVENING, WEB, after, open_case, person

STRANGER = "web:c2"


def link_of(session: Session, code: str = "C-1001", *, days: int = 365) -> CardLink:
    return issue_link(session, customer_by_code(session, code), days=days, now=EVENING)


def case_by_card(session: Session, link: CardLink) -> Case:
    name_by_card(session, STRANGER, link.token, language="zh", now=after(minutes=1))
    return case_for(session, STRANGER, language="zh", now=after(minutes=1))


def test_a_token_is_random_fits_a_deep_link_and_names_nobody(session: Session) -> None:
    tokens = {link_of(session).token for _ in range(50)}
    assert len(tokens) == 50
    for token in tokens:
        assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)  # 22 signs of 6 bits hold 128 bits.


def test_a_card_is_good_through_its_last_day_at_the_branch(session: Session) -> None:
    link = link_of(session, days=1)
    assert last_day(link) == date(2024, 3, 15)
    # The 15th ends at the branch when it is four in the afternoon in UTC.
    end = after(days=1, hours=4)
    assert status_of(link, now=end - timedelta(seconds=1)) == "valid"
    assert status_of(link, now=end) == "expired"


def test_a_new_card_leaves_the_old_one_good(session: Session) -> None:
    old, new = link_of(session), link_of(session)
    assert {status_of(link, now=EVENING) for link in (old, new)} == {"valid"}


def test_one_card_can_be_revoked_or_all_of_a_customer_and_nobody_elses(session: Session) -> None:
    first, second, other = link_of(session), link_of(session), link_of(session, "C-2001")
    assert revoke_links(session, first.token, now=EVENING) == 1
    assert revoke_links(session, first.token, now=EVENING) == 0
    assert revoke_links(session, "C-1001", now=EVENING) == 1
    assert [status_of(link, now=EVENING) for link in (first, second, other)] == [
        "revoked",
        "revoked",
        "valid",
    ]


def test_what_is_neither_customer_nor_card_is_refused_without_repeating_a_token(
    session: Session,
) -> None:
    with pytest.raises(NotFoundError) as caught:
        revoke_links(session, "mistyped-token", now=EVENING)
    assert "mistyped-token" not in str(caught.value)
    with pytest.raises(NotFoundError):
        link_by_token(session, "")


def test_a_chat_opened_by_card_asks_the_customers_own_manager(session: Session) -> None:
    case = case_by_card(session, link_of(session, "C-2003"))
    assert responsible_for(session, case).code == "M-02"
    assert contact_card(session, case).mobile == person(session, "M-02").mobile
    assert branch_for(session, case).code == "B-01"


def test_a_chat_opened_by_card_is_nobodys_until_the_bank_says_who_it_is(session: Session) -> None:
    case = case_by_card(session, link_of(session))
    assert case.customer is None
    assert case.contact.customer is None
    identify(session, STRANGER, "C-2001", after(minutes=2))
    assert case.customer is not None
    assert case.customer.code == "C-2001"
    assert case.contact.says_he_is is None


def test_a_stranger_with_the_card_sees_nothing_of_the_customers_cases(session: Session) -> None:
    own = open_case(session, address=WEB)
    found = case_by_card(session, link_of(session))
    assert found.reference != own.reference
    assert found.evidence == []
    assert (found.level, found.exposure) == ("clear", "asking")
    summary = handover_summary(session, found, language="en").text
    assert "Says he is Chen Wei (C-1001)" in summary
    assert "not confirmed" in summary
    for known_only_to_the_bank in ("they will sue me tonight", "Hengtai", "on call", "何建国"):
        assert known_only_to_the_bank not in summary


@pytest.mark.parametrize("who", ["legal_representative", "second_signer"])
def test_a_card_alone_brings_in_nobody_of_the_customers_company(session: Session, who: Who) -> None:
    case = case_by_card(session, link_of(session))
    asked = tell_representative(session, case, who=who, now=after(minutes=2))
    assert (asked.state, asked.name) == ("unknown", "")
    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_revoked_card_says_nobody_any_more_in_the_chats_it_opened(session: Session) -> None:
    link = link_of(session)
    case = case_by_card(session, link)
    revoke_links(session, "C-1001", now=after(minutes=2))
    assert case.contact.says_he_is is None
    assert contact_card(session, case).kind == "duty_desk"


@pytest.mark.parametrize("broken", ["revoked", "expired", "unknown"])
def test_a_card_that_is_no_longer_good_names_nobody(session: Session, broken: str) -> None:
    link = link_of(session, days=1)
    token, now = link.token, after(days=3) if broken == "expired" else EVENING
    if broken == "revoked":
        revoke_links(session, token, now=EVENING)
    if broken == "unknown":
        token = "x" * 22
    with pytest.raises(NotFoundError):
        name_by_card(session, STRANGER, token, language="zh", now=now)


def test_an_old_card_leads_to_whoever_took_the_managers_place(session: Session) -> None:
    link = link_of(session, "C-2002")
    assert link.customer.account_manager.code == "M-03"
    assert customer_card(link.customer, language="en").name == "Zhou Min"
    person(session, "M-01").replaced_by = person(session, "M-02")
    assert customer_card(link.customer, language="en").name == "Grace Lin"
    assert responsible_for(session, case_by_card(session, link)).code == "M-02"


def test_a_circle_of_replacements_that_got_in_ends_the_walk(session: Session) -> None:
    first, second = person(session, "M-01"), person(session, "M-02")
    first.replaced_by, second.replaced_by = second, first
    assert current_manager(first) is second


def test_where_nobody_is_there_the_card_shows_the_desk(session: Session) -> None:
    for code in ("M-01", "M-02"):
        person(session, code).active = False
    card = customer_card(customer_by_code(session, "C-1001"), language="en")
    assert (card.kind, card.mobile) == ("duty_desk", "+86 101 0000 0001")
