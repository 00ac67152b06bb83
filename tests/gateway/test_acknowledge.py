"""The page behind an escalation's link: a tap records the reading, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from escalation_steps import Asked, Clock, asked
from sqlalchemy import func, select, update

import bot.gateway
from bot.casework.models import AccountManager, CaseEvent, OutboxMessage
from bot.links import LIVES
from bot.settings import Settings

FOLDER = Path(bot.gateway.__file__).parent
Start = Callable[..., httpx.Client]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def escalation(settings: Settings, clock: Clock) -> Iterator[Asked]:
    with asked(settings, clock) as escalation:
        yield escalation


@pytest.fixture
def gateway(start: Start, clock: Clock) -> httpx.Client:
    return start(now=clock, rasa_up=False)


def changed(escalation: Asked) -> tuple[str, int, int]:
    """What a request could have changed."""
    with escalation.sessions() as session:
        counts = [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (CaseEvent, OutboxMessage)
        ]
    return escalation.row().status, counts[0], counts[1]


def test_opening_the_link_changes_nothing_and_names_no_customer(
    gateway: httpx.Client, escalation: Asked
) -> None:
    before = changed(escalation)
    for _ in range(3):
        page = gateway.get(escalation.path())
    assert page.status_code == 200
    assert changed(escalation) == before
    assert escalation.reference in page.text
    assert "Grace Lin, you are asked to help." in page.text
    assert "right now" in page.text
    assert "a scam" in page.text
    for private in ("Daniel", "C-2001", "sue me"):
        assert private not in page.text


def test_the_tap_records_the_reading_and_opens_the_summary(
    gateway: httpx.Client, escalation: Asked, clock: Clock
) -> None:
    clock.forward(minutes=4)
    page = gateway.post(escalation.path())
    assert page.status_code == 200
    row = escalation.row()
    assert (row.status, row.acknowledged_at, row.next_ask) == ("acknowledged", clock(), None)
    assert "Read at 20:04 by Grace Lin" in page.text
    assert "Customer: Daniel Reed (C-2001)" in page.text
    assert "they will sue me tonight" in page.text


def test_the_customer_is_told_who_read_it_and_when(
    gateway: httpx.Client, escalation: Asked, clock: Clock
) -> None:
    clock.forward(minutes=4)
    gateway.post(escalation.path())
    with escalation.sessions() as session:
        [push] = session.scalars(select(OutboxMessage).where(OutboxMessage.method == "chat"))
    assert push.body["text"] == f"Grace Lin read your case {escalation.reference} at 20:04."


def test_a_second_tap_does_no_harm_and_says_who_was_first(
    gateway: httpx.Client, escalation: Asked, clock: Clock
) -> None:
    clock.forward(minutes=4)
    gateway.post(escalation.path())
    after_first = changed(escalation)
    clock.forward(minutes=3)
    for path in (escalation.path(), escalation.path("D-01")):
        page = gateway.post(path)
        assert page.status_code == 200
        assert re.search("Read at 20:04 by Grace Lin|林嘉怡已在 20:04 看到", page.text)
    assert changed(escalation) == after_first
    assert "Read at 20:04 by Grace Lin" in gateway.get(escalation.path()).text
    clock.forward(days=1)
    assert "Read at 2024-03-14 20:04 by Grace Lin" in gateway.get(escalation.path()).text


def test_the_page_speaks_the_language_of_the_person_asked(
    gateway: httpx.Client, escalation: Asked
) -> None:
    page = gateway.get(escalation.path("M-01"), headers={"accept-language": "en"}).text
    assert '<html lang="zh-CN">' in page
    assert "周敏，请您帮助客户。" in page


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_expired_link_is_gone(
    gateway: httpx.Client, escalation: Asked, clock: Clock, method: str
) -> None:
    path, before = escalation.path(), changed(escalation)
    clock.forward(seconds=LIVES["acknowledge"].total_seconds())
    page = gateway.request(method, path)
    assert page.status_code == 410
    assert "has expired" in page.text
    assert "tel:" in page.text
    assert escalation.reference not in page.text
    assert changed(escalation) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_or_one_for_another_purpose_opens_nothing(
    gateway: httpx.Client, escalation: Asked, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIVES, "packet", LIVES["acknowledge"])  # type: ignore[arg-type]
    before = changed(escalation)
    foreign = escalation.path(kind="packet").replace("/packet/", "/acknowledge/")
    for path in (escalation.path()[:-2], "/acknowledge/x.y", foreign, escalation.path("M-99")):
        page = gateway.request(method, path)
        assert page.status_code == 404
        assert "no link of ours" in page.text
    assert changed(escalation) == before


def test_who_has_left_the_bank_can_no_longer_read_with_an_old_link(
    gateway: httpx.Client, escalation: Asked
) -> None:
    path = escalation.path()
    with escalation.sessions.begin() as session:
        left = update(AccountManager).where(AccountManager.code == "M-02").values(active=False)
        session.execute(left)
    page = gateway.post(path)
    assert page.status_code == 410
    assert escalation.row().status == "pending"


def test_the_page_sets_no_cookie_runs_no_script_and_gives_away_no_address(
    gateway: httpx.Client, escalation: Asked
) -> None:
    for answer in (gateway.get(escalation.path()), gateway.post(escalation.path())):
        assert "set-cookie" not in answer.headers
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "form-action 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "<script" not in answer.text
        assert not re.search(r"\sstyle=|\son\w+=", answer.text)
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text)


def test_without_the_store_the_page_says_that_nothing_is_certain(
    start: Start, clock: Clock, escalation: Asked, tmp_path: Path
) -> None:
    gateway = start(
        now=clock,
        rasa_up=False,
        database_url=f"sqlite:///{tmp_path / 'empty.db'}",
    )
    page = gateway.post(escalation.path())
    assert page.status_code == 503
    assert "cannot be recorded just now" in page.text
    assert page.headers["retry-after"] == "60"


def test_every_language_of_the_page_has_the_same_words() -> None:
    text = (FOLDER / "acknowledge.yml").read_text(encoding="utf-8")
    shapes = {code: shape(block) for code, block in yaml.safe_load(text).items()}
    assert set(shapes) >= {"en", "zh"}
    assert len({str(one) for one in shapes.values()}) == 1


def shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return sorted(re.findall(r"{(\w+)}", str(value)))
