"""Builders that the tests of casework, notification and the worker share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.cases import case_for, record_assessment
from bot.casework.contacts import identify
from bot.casework.findings import Finding
from bot.casework.models import AccountManager, Case

EVENING = datetime(2024, 3, 14, 12, 0, tzinfo=UTC)
"""Eight in the evening at the branch."""

WEB = "web:c1"


def after(**units: float) -> datetime:
    return EVENING + timedelta(**units)


def finding(**values: Any) -> Finding:
    return Finding(**values)


def frightened(**values: Any) -> Finding:
    """What an accountant's first frightened message shows."""
    return finding(
        **{
            "level": "scam",
            "exposure": "contacted",
            "score": 0.8,
            "scripts": [("fake_card_debt", 0.8), ("lawsuit_threat", 0.5)],
            "stage": {"script": "fake_card_debt", "id": "threat", "step": 2, "of": 6},
            "red_flags": [("sued_at_once", "they will sue me tonight")],
            **values,
        }
    )


def open_case(
    session: Session, *, customer: str | None = "C-1001", address: str = WEB, **values: Any
) -> Case:
    """An open case with evidence, of a known customer or of a visitor."""
    if customer:
        identify(session, address, customer, EVENING)
    case = case_for(session, address, language="zh", now=EVENING)
    record_assessment(session, case, assessment=frightened(**values), now=EVENING)
    return case


def person(session: Session, code: str) -> AccountManager:
    return session.scalars(select(AccountManager).where(AccountManager.code == code)).one()
