"""The pages about a payment: signed, expiring, one purpose each, and every view on record."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.database import make_engine, session_factory
from bot.casework.escalations import escalate, tell_representative
from bot.casework.models import OutboxMessage, PayeeAccountView, Payment
from bot.casework.packets import report_link
from bot.casework.payee_accounts import Vault
from bot.casework.payment_requests import begin_request
from bot.casework.payments import end_payment
from bot.links import LIVES, Links
from bot.settings import Settings
from tests.casework.builders import EVENING, after, open_case, person
from tests.casework.payment_builders import NUMBER, owed, paid

Start = Callable[..., httpx.Client]
KINDS = ("packet", "report", "note")


class Clock:
    def __init__(self) -> None:
        self.now = after(minutes=5)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(settings: Settings) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(settings.effective_database_url)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def payment(sessions: sessionmaker[Session], settings: Settings) -> Payment:
    """A payment of the seed story whose payee's number is kept."""
    with sessions.begin() as session:
        payment = paid(session)
        Vault(settings.key("vault_key")).keep(session, payment, NUMBER, now=EVENING)
        owed(session, payment)
        return payment


@pytest.fixture
def links(settings: Settings, clock: Clock) -> Links:
    return Links(key=settings.key("secret_key"), base_url="", now=clock)


@pytest.fixture
def page(start: Start, clock: Clock) -> httpx.Client:
    return start(rasa_up=False, now=clock)


def address(links: Links, kind: str, payment: Payment, **claims: Any) -> str:
    of_case = {"case": payment.case_id}
    known = {"packet": {"payment": payment.id, "person": "OPS"}, "report": of_case, "note": of_case}
    return links.url(kind, **{**known[kind], **claims})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_page_about_a_payment_that_is_only_asked_for_opens_by_its_link_alone(
    page: httpx.Client, links: Links, sessions: sessionmaker[Session], language: str
) -> None:
    with sessions.begin() as session:
        case = open_case(session)
        request = begin_request(session, case, now=EVENING)
        claims = {"case": case.id, "request": request.id}
    opened = page.get(links.url("note", **claims), params={"lang": language})
    assert opened.status_code == 200
    assert "何建国" in opened.text
    assert page.get(links.url("note", case=claims["case"] + 1, request=1)).status_code == 404
    assert page.get(links.url("note", case=1, request=99)).status_code == 404


def views(sessions: sessionmaker[Session]) -> list[tuple[str, str]]:
    with sessions() as session:
        return [(row.by, row.why) for row in session.scalars(select(PayeeAccountView))]


def test_whole_number_is_shown_after_a_tap_alone_and_the_view_is_on_record(
    page: httpx.Client, links: Links, payment: Payment, sessions: sessionmaker[Session]
) -> None:
    url = address(links, "packet", payment)
    for _ in range(2):
        opened = page.get(url)
        assert opened.status_code == 200
        assert NUMBER not in opened.text
        assert "…8901" in opened.text
    assert views(sessions) == []
    tapped = page.post(url)
    assert NUMBER in tapped.text
    assert views(sessions) == [("OPS", "packet page")]


def test_tap_is_logged_without_the_number_or_the_token(
    page: httpx.Client, links: Links, payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    url = address(links, "packet", payment)
    with caplog.at_level(logging.INFO):
        page.post(url)
    lines = [one.getMessage() for one in caplog.records if one.name.startswith("secondvoice")]
    assert f"account number of payment {payment.id} shown to OPS" in lines
    assert NUMBER not in caplog.text
    assert url.rpartition("/")[2] not in "".join(lines)


@pytest.mark.parametrize("kind", KINDS)
def test_page_sets_nothing_runs_nothing_and_tells_no_other_site(
    page: httpx.Client, links: Links, payment: Payment, kind: str
) -> None:
    answer = page.get(address(links, kind, payment))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert not re.search(r"\son\w+=|https?://(?!www\.w3)", answer.text)


@pytest.mark.parametrize("kind", KINDS)
def test_link_of_one_kind_opens_no_page_of_another(
    page: httpx.Client, links: Links, payment: Payment, kind: str
) -> None:
    token = address(links, kind, payment).rpartition("/")[2]
    for other in set(KINDS) - {kind}:
        assert page.get(f"/{other}/{token}").status_code == 404
    assert page.get(f"/{kind}/{token[:-2]}xx").status_code == 404
    assert page.get(f"/{kind}/nonsense").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_link_expires(
    page: httpx.Client, links: Links, payment: Payment, clock: Clock, kind: str
) -> None:
    url = address(links, kind, payment)
    clock.now += LIVES[kind] - timedelta(seconds=1)
    assert page.get(url).status_code == 200
    clock.now += timedelta(seconds=2)
    answer = page.get(url, headers={"accept-language": "zh"})
    assert answer.status_code == 410
    assert "101 0000 0000" in answer.text, "Whoever comes too late still finds the hotline."


@pytest.mark.parametrize("kind", ["report", "note"])
def test_report_and_note_never_show_the_number_and_take_no_tap(
    page: httpx.Client, links: Links, payment: Payment, kind: str
) -> None:
    url = address(links, kind, payment)
    assert NUMBER not in page.get(url).text
    assert page.post(url).status_code == 405


def test_pages_are_in_the_readers_language_and_in_the_other_one_on_wish(
    page: httpx.Client, links: Links, payment: Payment
) -> None:
    report = address(links, "report", payment)
    assert '<html lang="zh-CN">' in page.get(report).text
    assert '<html lang="en">' in page.get(report + "?lang=en").text
    packet = address(links, "packet", payment, person="M-02")
    assert '<html lang="en">' in page.get(packet).text
    assert '<html lang="zh-CN">' in page.get(packet + "?lang=zh").text


def test_who_has_left_the_bank_sees_nothing_and_an_unknown_person_neither(
    page: httpx.Client, links: Links, payment: Payment, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        person(session, "M-02").active = False
    for code, status in (("M-02", 410), ("NOBODY", 404)):
        url = address(links, "packet", payment, person=code)
        for answer in (page.get(url), page.post(url)):
            assert answer.status_code == status
            assert NUMBER not in answer.text
    assert views(sessions) == []


def test_payment_that_was_none_has_no_report(
    page: httpx.Client, links: Links, payment: Payment, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        end_payment(session, session.get_one(Payment, payment.id), outcome="not_paid", now=EVENING)
    assert page.get(address(links, "report", payment)).status_code == 404
    assert page.get(address(links, "packet", payment)).status_code == 200


def test_number_kept_under_another_key_leaves_the_page_usable(
    start: Start, links: Links, payment: Payment, clock: Clock
) -> None:
    page = start(rasa_up=False, now=clock, vault_key="A" * 43)
    answer = page.post(address(links, "packet", payment))
    assert answer.status_code == 200
    assert "…8901" in answer.text


def test_link_for_the_chat_opens_the_report(
    page: httpx.Client, links: Links, payment: Payment
) -> None:
    answer = page.get(report_link(links, payment.case))
    assert answer.status_code == 200
    assert "宏达贸易有限公司" in answer.text


def test_handover_of_a_running_payment_has_the_clock_as_it_is_when_it_is_read(
    page: httpx.Client,
    links: Links,
    payment: Payment,
    sessions: sessionmaker[Session],
    clock: Clock,
) -> None:
    with sessions.begin() as session:
        case = session.get_one(Payment, payment.id).case
        escalation = escalate(session, case, reason="has_paid", now=clock())
        url = links.url("acknowledge", escalation=escalation.id, person="M-01")
    clock.now = after(minutes=20)
    assert "行内撤单" not in page.get(url).text, "Nothing of the case is shown before the tap."
    assert "还剩10分00秒" in page.post(url).text


def test_companys_representative_gets_the_link_to_his_note(
    page: httpx.Client,
    links: Links,
    payment: Payment,
    sessions: sessionmaker[Session],
    clock: Clock,
) -> None:
    with sessions.begin() as session:
        case = session.get_one(Payment, payment.id).case
        tell_representative(session, case, who="legal_representative", now=clock())
        wanted = OutboxMessage.dedupe_key.startswith("representative:")
        [message] = session.scalars(select(OutboxMessage).where(wanted))
        body = links.finish(message.body)
    assert "致何建国" in page.get(body["links"][0]["url"]).text
    assert body["links"][0]["url"] in body["text"]
