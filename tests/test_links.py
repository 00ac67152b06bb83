"""Signed links: one purpose each, and only until they expire."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import ExpiredError, SignatureError
from bot.links import LIVES, Links
from tests.casework.builders import EVENING

HOURS = LIVES["acknowledge"]


def links(*, key: str = "key", later: timedelta = timedelta(0)) -> Links:
    return Links(key=key, base_url="https://voice.bank.example/", now=lambda: EVENING + later)


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_opens_what_it_was_made_for() -> None:
    url = links().url("acknowledge", escalation=12, person="M-01")
    assert url.startswith("https://voice.bank.example/acknowledge/")
    claims = links(later=HOURS - timedelta(seconds=1)).read("acknowledge", token_of(url))
    assert claims == {"escalation": 12, "person": "M-01"}


def test_a_link_expires() -> None:
    token = token_of(links().url("acknowledge", escalation=12, person="M-01"))
    with pytest.raises(ExpiredError, match="expired"):
        links(later=HOURS).read("acknowledge", token)


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda _: "", str.upper])
def test_a_damaged_link_is_refused(change) -> None:  # type: ignore[no-untyped-def]
    token = token_of(links().url("acknowledge", escalation=12, person="M-01"))
    with pytest.raises(SignatureError):
        links().read("acknowledge", change(token))


def test_a_link_of_another_key_or_purpose_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIVES, "packet", HOURS)  # type: ignore[arg-type]
    token = token_of(links().url("packet", escalation=12, person="M-01"))
    assert links().read("packet", token)
    with pytest.raises(SignatureError):
        links().read("acknowledge", token)
    with pytest.raises(SignatureError):
        links(key="other").read("packet", token)


def test_links_are_signed_on_the_way_out_and_stand_in_the_text() -> None:
    body = {
        "text": "Read this.",
        "case": "SV-2345AB",
        "links": [{"kind": "acknowledge", "escalation": 12, "person": "M-01", "label": "Tap:"}],
    }
    sent = links().finish(body)
    [entry] = sent["links"]
    assert sent["text"] == f"Read this.\nTap: {entry['url']}"
    assert links().read("acknowledge", token_of(entry["url"]))["person"] == "M-01"
    assert body["text"] == "Read this."
    assert "url" not in body["links"][0]  # type: ignore[operator]


def test_a_message_without_links_is_sent_as_it_is() -> None:
    assert links().finish({"text": "Hello"}) == {"text": "Hello"}
