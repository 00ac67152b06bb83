"""The two words on the page behind an escalation's link: after the tap, while they are good."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from escalation_steps import Asked, Clock, asked
from sqlalchemy import select

from bot.casework.identity import WordKeeper, in_words
from bot.casework.models import Case, CaseEvent, OutboxMessage
from bot.settings import Settings

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


def asked_for_words(escalation: Asked, settings: Settings, clock: Clock) -> tuple[str, str]:
    """The customer asks whether it is really his manager, in English."""
    with escalation.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        keeper = WordKeeper(settings.key("vault_key"))
        return keeper.make(session, case, language="en", now=clock()).things


def kinds(escalation: Asked) -> list[str]:
    with escalation.sessions() as session:
        events = session.scalars(select(CaseEvent).order_by(CaseEvent.id))
        return [event.kind for event in events if event.kind.startswith(("word_", "caller_"))]


def test_words_stand_behind_the_tap_and_opening_the_link_shows_none(
    gateway: httpx.Client, escalation: Asked, settings: Settings, clock: Clock
) -> None:
    words = in_words(asked_for_words(escalation, settings, clock), "en")
    clock.forward(minutes=4)
    assert words not in gateway.get(escalation.path()).text
    assert kinds(escalation) == ["word_asked"]
    page = gateway.post(escalation.path())
    assert words in page.text
    assert "Good until 20:15" in page.text
    assert "Never say them to somebody who rings you" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert kinds(escalation) == ["word_asked", "word_shown"]


def test_manager_of_another_language_reads_what_they_mean(
    gateway: httpx.Client, escalation: Asked, settings: Settings, clock: Clock
) -> None:
    things = asked_for_words(escalation, settings, clock)
    page = gateway.post(escalation.path("M-01")).text
    assert f'lang="en">{in_words(things, "en")}' in page
    assert in_words(things, "zh") in page


def test_expired_words_and_none_at_all_show_nothing(
    gateway: httpx.Client, escalation: Asked, settings: Settings, clock: Clock
) -> None:
    assert 'class="word"' not in gateway.post(escalation.path()).text
    asked_for_words(escalation, settings, clock)
    clock.forward(minutes=15)
    assert 'class="word"' not in gateway.post(escalation.path()).text


def test_a_forged_link_shows_no_words(
    gateway: httpx.Client, escalation: Asked, settings: Settings, clock: Clock
) -> None:
    words = in_words(asked_for_words(escalation, settings, clock), "en")
    for path in (escalation.path()[:-2], escalation.path("M-99"), "/acknowledge/x.y"):
        page = gateway.post(path)
        assert page.status_code == 404
        assert words not in page.text
    assert kinds(escalation) == ["word_asked"]


def test_who_says_that_he_is_not_calling_has_the_customer_told_once(
    gateway: httpx.Client, escalation: Asked, settings: Settings, clock: Clock
) -> None:
    asked_for_words(escalation, settings, clock)
    gateway.post(escalation.path())
    page = gateway.post(escalation.path() + "?not_me=1").text
    assert "is told that it is not you" in page
    assert 'class="word"' not in page
    again = gateway.post(escalation.path() + "?not_me=1").text
    assert "good no more" in again
    with escalation.sessions() as session:
        chat = session.scalars(select(OutboxMessage).where(OutboxMessage.method == "chat"))
        told = [message.body["text"] for message in chat if "not calling" in message.body["text"]]
    assert len(told) == 1
    assert "Grace Lin says they are not calling you" in told[0]


def test_opening_the_address_of_the_denial_denies_nothing(
    gateway: httpx.Client, escalation: Asked, settings: Settings, clock: Clock
) -> None:
    asked_for_words(escalation, settings, clock)
    gateway.get(escalation.path() + "?not_me=1")
    assert kinds(escalation) == ["word_asked"]


def test_no_log_holds_the_words(
    gateway: httpx.Client,
    escalation: Asked,
    settings: Settings,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        words = asked_for_words(escalation, settings, clock)
        gateway.post(escalation.path())
    assert in_words(words, "en") not in caplog.text
    assert "\n".join(words) not in caplog.text
