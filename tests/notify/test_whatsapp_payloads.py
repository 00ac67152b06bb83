"""Whatever is said, WhatsApp takes it, and nothing of it is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank import load_bank
from bot.errors import UndeliverableError
from bot.notify.messengers.parts import Rendering
from bot.notify.whatsapp.payloads import payload_of, read_press, template_payload
from bot.notify.whatsapp.rendering import WhatsAppRendering
from bot.notify.whatsapp.sending import identity_of
from bot.settings import Settings
from tests.gateway.whatsapp.cloud_api import _wrong as refused

NOW = datetime(2024, 3, 14, 12, 0, tzinfo=UTC)
NUMBER = int(NOW.timestamp() * 1000)
RENDERING = WhatsAppRendering(
    Rendering(
        load_bank(Settings(_env_file=None).bank_file), public_url="https://voice.bank.example"
    )
)
WORDS = st.text(alphabet=st.sampled_from("ab.c 。骗😟\n/"), min_size=1, max_size=9000).filter(
    str.strip
)
TITLES = st.lists(st.text(alphabet="ab骗 ", min_size=1, max_size=70).filter(str.strip), max_size=25)


@given(text=WORDS, titles=TITLES)
def test_every_message_is_one_that_whatsapp_takes(text: str, titles: list[str]) -> None:
    message = {"text": text, "lang": "en", "buttons": [{"title": title} for title in titles]}
    parts = RENDERING.parts(message, now=NOW)
    for part in parts:
        payload = payload_of(part, number=NUMBER, choose="Choose an answer")
        known = {"messaging_product": "whatsapp", "to": "15550100001"}
        assert refused({**known, **payload}) is None, payload
    shown = [title for part in parts for title in part.buttons]
    assert shown == list(dict.fromkeys(titles))
    said = "".join("".join(part.text.replace("\u200b", "").split()) for part in parts)
    assert said.startswith("".join(text.split()))


@given(text=WORDS)
def test_a_template_takes_any_text(text: str) -> None:
    payload = template_payload("follow_up", code="en", text=text)
    known = {"messaging_product": "whatsapp", "to": "15550100001"}
    assert refused({**known, **payload}) is None


@given(given_back=st.text(max_size=300))
def test_any_press_can_be_read(given_back: str) -> None:
    number, title = read_press(given_back)
    assert number >= 0
    assert not title or given_back.endswith(title)


@pytest.mark.parametrize(
    "address", ["telegram:1", "whatsapp:", "whatsapp:x", "whatsapp:../1", "whatsapp:+86101", ""]
)
def test_what_is_no_address_of_a_chat_is_never_tried(address: str) -> None:
    with pytest.raises(UndeliverableError):
        identity_of(address)
