"""What holds for every payment at every moment."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recovery import ARRIVALS, CHANNELS, Payment, as_json, rail_clock, staff_lines
from bot.recovery.pack_checks import RUNGS, TELLS_OF_TIME
from bot.recovery.rendering import customer_lines
from bot.recovery.words import languages
from tests.counsel.everything_said import length_problem, questions
from tests.counsel.test_manners import FORBIDDEN, PROMISES
from tests.recovery.payments import PACKS

COUNTRIES = st.sampled_from(PACKS.jurisdictions)
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10) ** 9, places=2)
MOMENTS = st.datetimes(datetime(2016, 12, 1), datetime(2029, 1, 1))
LATER = st.timedeltas(timedelta(0), timedelta(days=12))


def maybe(choices: object) -> st.SearchStrategy:
    return st.none() | (st.sampled_from(choices) if isinstance(choices, tuple) else choices)


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    country = draw(COUNTRIES)
    pack = PACKS.jurisdiction(country)
    at = draw(maybe(MOMENTS))
    own = tuple(pack.banks)
    return Payment(
        jurisdiction=country,
        amount=draw(maybe(AMOUNTS)),
        currency=draw(maybe(tuple(sorted(PACKS.currencies)))),
        submitted_at=at.replace(tzinfo=pack.zone) if at else None,
        channel=draw(maybe(CHANNELS)),
        arrival=draw(maybe(ARRIVALS)),
        paying_bank=draw(maybe(own)) if own else None,
        receiving_bank=draw(maybe(("icbc", "abc", "cmb"))),
    )


@st.composite
def asked(draw: st.DrawFn) -> tuple[Payment, datetime]:
    payment = draw(payments())
    zone = PACKS.jurisdiction(payment.jurisdiction).zone
    start = payment.submitted_at or draw(MOMENTS).replace(tzinfo=zone)
    return payment, start + draw(LATER)


@given(asked())
def test_every_payment_gets_the_whole_ladder_and_a_rung_to_try(
    question: tuple[Payment, datetime],
) -> None:
    payment, now = question
    view = rail_clock(payment, PACKS, now=now)
    assert tuple(rung.id for rung in view.ladder) == RUNGS
    assert view.rung.state in ("works_now", "unknown")
    assert view.candidates
    for rung in view.ladder:
        assert rung.until is None or (rung.state == "works_now" and rung.until > view.now)
        assert rung.perhaps_until is None or rung.perhaps_until > view.now
        if rung.until and rung.perhaps_until:
            assert rung.perhaps_until > rung.until


@given(payments(), LATER, LATER)
@settings(deadline=None)
def test_what_works_no_longer_never_works_again(
    payment: Payment, first: timedelta, second: timedelta
) -> None:
    if payment.submitted_at is None:
        return
    early, late = sorted((first, second))
    order = {"works_now": 0, "unknown": 1, "no_longer": 2}
    before = rail_clock(payment, PACKS, now=payment.submitted_at + early)
    after = rail_clock(payment, PACKS, now=payment.submitted_at + late)
    for one, other in zip(before.candidates, after.candidates, strict=True):
        for name in ("cancel_inside_bank", "revoke_before_settlement"):
            states = [next(r.state for r in c.ladder if r.id == name) for c in (one, other)]
            assert order[states[0]] <= order[states[1]]


@given(payments())
def test_a_deadline_holds_to_its_last_second_and_no_further(payment: Payment) -> None:
    if payment.submitted_at is None:
        return
    start = rail_clock(payment, PACKS, now=payment.submitted_at)
    for candidate in start.candidates:
        cancel = candidate.ladder[0]
        if cancel.until is None:
            continue
        for shift, works in ((timedelta(seconds=-1), True), (timedelta(0), False)):
            moment = cancel.until + shift
            if moment < start.now:
                continue
            view = rail_clock(payment, PACKS, now=moment)
            again = next(c for c in view.candidates if c.rail_id == candidate.rail_id).ladder[0]
            assert (again.state == "works_now") is works


@given(asked())
def test_customers_never_read_of_time(question: tuple[Payment, datetime]) -> None:
    payment, now = question
    view = rail_clock(payment, PACKS, now=now)
    for language in languages():
        text = "\n".join(customer_lines(view, language))
        assert text
        assert not TELLS_OF_TIME.search(text)
        assert not re.search(r"\d{1,2}[:：]\d{2}", text)
        assert not re.search(r"\bleft\b|还有时间|还剩|remaining|until|之前|deadline", text)
        assert length_problem(text, language) == ""
        assert questions(text) == 0
        forbidden = [*FORBIDDEN[language], *PROMISES[language]]
        assert [p for p in forbidden if re.search(p, text, re.IGNORECASE)] == []


@given(asked())
def test_staff_read_every_rung_with_its_rule_and_source(
    question: tuple[Payment, datetime],
) -> None:
    payment, now = question
    view = rail_clock(payment, PACKS, now=now)
    for language in languages():
        text = "\n".join(staff_lines(view, language))
        for rung in view.ladder:
            assert rung.rule[language] in text
            assert rung.who[language] in text
            assert rung.source.what[language] in text


@given(asked())
def test_machines_read_the_same(question: tuple[Payment, datetime]) -> None:
    payment, now = question
    view = rail_clock(payment, PACKS, now=now)
    told = as_json(view)
    assert told["rung"] == view.rung.id
    for rung, entry in zip(view.ladder, told["ladder"], strict=True):
        until = None if entry["until"] is None else datetime.fromisoformat(entry["until"])
        assert until == rung.until
