from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.casework.cases import case_for
from bot.casework.contacts import contact_for, identify
from bot.errors import ConflictError, NotFoundError
from tests.casework.builders import EVENING, WEB, after, open_case


def test_an_identified_customer_owns_his_next_case(session: Session) -> None:
    contact = identify(session, WEB, "C-1001", EVENING)
    assert contact.language == "zh"
    case = case_for(session, WEB, language="zh", now=EVENING)
    assert case.customer is contact.customer


def test_a_visitor_who_is_identified_later_keeps_his_case(session: Session) -> None:
    case = open_case(session, customer=None)
    identify(session, WEB, "C-2001", after(minutes=1))
    assert case.customer is not None
    assert case.customer.code == "C-2001"
    assert (case.events[-1].kind, case.events[-1].detail) == ("identified", {"customer": "C-2001"})


def test_identifying_the_same_customer_again_changes_nothing(session: Session) -> None:
    case = open_case(session)
    identify(session, WEB, "C-1001", after(minutes=1))
    assert [event.kind for event in case.events] == ["opened", "assessed"]


def test_a_conversation_cannot_change_hands(session: Session) -> None:
    open_case(session)
    with pytest.raises(ConflictError, match="another customer"):
        identify(session, WEB, "C-2001", after(minutes=1))


def test_an_unknown_customer_code_is_refused_and_makes_no_contact(session: Session) -> None:
    with pytest.raises(NotFoundError, match="C-9999"):
        identify(session, WEB, "C-9999", EVENING)
    assert contact_for(session, WEB, language="en", now=after(days=1)).created == after(days=1)
