"""One contract for every channel: receive, render, push; the next one joins in ``CHANNELS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from gateway_servers import free_port, plain_server, running
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from bot.bank import load_bank
from bot.casework.contacts import contact_for
from bot.casework.database import make_engine, session_factory
from bot.casework.pushes import pushed_after
from bot.casework.received import keep
from bot.errors import DeliveryError
from bot.gateway.channels import Channel, Heard, UnheardError
from bot.gateway.messages import Button, Message, MessageRequest
from bot.gateway.telegram.channel import TelegramChannel
from bot.gateway.telegram.reading import Reader
from bot.gateway.tokens import ConversationTokens
from bot.gateway.web_channel import WebChannel
from bot.gateway.whatsapp.channel import WhatsAppChannel
from bot.gateway.whatsapp.reading import Reader as WhatsAppReader
from bot.notify.chat import ChatNotifier
from bot.notify.message import Message as Owed
from bot.notify.messengers.parts import Rendering
from bot.notify.telegram.sending import make_bot
from bot.notify.telegram_chat import TelegramChatNotifier
from bot.notify.whatsapp.rendering import WhatsAppRendering
from bot.notify.whatsapp.sending import CloudApi as MetaClient
from bot.notify.whatsapp_chat import WhatsAppChatNotifier
from bot.settings import Settings
from tests.casework.databases import SqliteFiles
from tests.gateway.telegram.bot_api import TOKEN, BotApi, refusal
from tests.gateway.whatsapp.cloud_api import CHEN, NUMBER_ID, CloudApi
from tests.gateway.whatsapp.cloud_api import TOKEN as META_TOKEN
from tests.gateway.whatsapp.cloud_api import refusal as meta_refusal

LONGEST = 200
SETTINGS = Settings(_env_file=None)
CARD = {
    "kind": "manager",
    "name": "Zhou Min",
    "title": "Account manager",
    "branch": "Harbour branch",
    "mobile": "+86 101 0000 0011",
    "backup": "+86 101 0000 0001",
    "hours": "Day and night",
    "language": "en",
}


@dataclass(frozen=True, kw_only=True)
class Harness:
    """A channel with what a test needs to know of its outside.

    Args:
        channel: The channel.
        raw: Makes what the channel brings when the customer writes a text.
        address: The customer's address.
        arrived: The texts that have reached his chat by themselves, in order.
        broken: Breaks the way to the chat for as long as the block lasts.
    """

    channel: Channel
    raw: Callable[[str], Any]
    address: str
    arrived: Callable[[], list[str]]
    broken: Callable[[], Any]


@contextmanager
def web(sessions: sessionmaker[Session]) -> Iterator[Harness]:
    tokens = ConversationTokens("k" * 32, bank="b", life=timedelta(hours=1), now=now)
    token, conversation = tokens.start("en")
    channel = WebChannel(tokens, longest=LONGEST, notifier=ChatNotifier(sessions, now=now))

    def arrived() -> list[str]:
        with sessions() as session:
            rows = pushed_after(session, conversation.address, after=0, most=50)
            return [row.body["text"] for row in rows]

    @contextmanager
    def broken() -> Iterator[None]:
        with sessions.begin() as session:
            session.connection().exec_driver_sql("alter table pushed_messages rename to away")
        yield
        with sessions.begin() as session:
            session.connection().exec_driver_sql("alter table away rename to pushed_messages")

    yield Harness(
        channel=channel,
        raw=lambda text: MessageRequest(conversation=token, text=text),
        address=conversation.address,
        arrived=arrived,
        broken=broken,
    )


@contextmanager
def telegram(sessions: sessionmaker[Session]) -> Iterator[Harness]:
    api, port = BotApi(), free_port()
    rendering = Rendering(load_bank(SETTINGS.bank_file), public_url="https://voice.bank.example")
    url = f"http://127.0.0.1:{port}"
    channel = TelegramChannel(
        make_bot(TOKEN, url),
        reader=Reader(
            commands=frozenset(["start"]),
            longest=LONGEST,
            language=lambda tag: tag or "en",
            me=lambda: ("second_voice_bot", 1),
        ),
        rendering=rendering,
        now=now,
        notifier=TelegramChatNotifier(
            sessions, token=TOKEN, api_url=url, rendering=rendering, now=now
        ),
    )

    @contextmanager
    def broken() -> Iterator[None]:
        api.faults["sendMessage"] = lambda _: refusal(502, "Bad Gateway")
        yield
        api.faults.clear()

    with running(plain_server(api.app, port)):
        yield Harness(
            channel=channel,
            raw=lambda text: api.say(text),
            address="telegram:1001",
            arrived=api.texts,
            broken=broken,
        )


@contextmanager
def whatsapp(sessions: sessionmaker[Session]) -> Iterator[Harness]:
    meta, port = CloudApi(), free_port()
    bank = load_bank(SETTINGS.bank_file)
    rendering = WhatsAppRendering(Rendering(bank, public_url="https://voice.bank.example"))

    def api() -> MetaClient:
        return MetaClient(
            token=META_TOKEN,
            phone_number_id=NUMBER_ID,
            api_url=f"http://127.0.0.1:{port}/v24.0",
            now=now,
        )

    channel = WhatsAppChannel(
        reader=WhatsAppReader(commands=frozenset(["start"]), longest=LONGEST),
        rendering=rendering,
        now=now,
        notifier=WhatsAppChatNotifier(sessions, api=api, rendering=rendering, now=now),
    )
    with sessions.begin() as session:  # He has written today, so that he may be written to.
        keep(session, "whatsapp", [("wamid.0", f"whatsapp:{CHEN}", {})], now=now())

    @contextmanager
    def broken() -> Iterator[None]:
        meta.fault = lambda _: meta_refusal(131000, status=500)
        yield
        meta.fault = None

    with running(plain_server(meta.app, port)):
        yield Harness(
            channel=channel,
            raw=meta.say,
            address=f"whatsapp:{CHEN}",
            arrived=meta.texts,
            broken=broken,
        )


CHANNELS = {"web": web, "telegram": telegram, "whatsapp": whatsapp}


@pytest.fixture(scope="module", params=CHANNELS)
def harness(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Harness]:
    folder: Path = tmp_path_factory.mktemp("channel")
    engine = make_engine(SqliteFiles(folder).bank())
    sessions = session_factory(engine)
    with CHANNELS[request.param](sessions) as harness:
        with sessions.begin() as session:
            contact_for(session, harness.address, language="en", now=now())
        yield harness
    engine.dispose()


# receive


def heard(harness: Harness, text: str) -> Heard:
    found = harness.channel.receive(harness.raw(text))
    assert found is not None
    return found


def test_words_are_received_with_the_address_of_the_channel(harness: Harness) -> None:
    found = heard(harness, "  They say the bank\nwill sue me  ")
    assert (found.kind, found.text) == ("text", "They say the bank\nwill sue me")
    assert found.address == harness.address
    assert found.address.startswith(f"{harness.channel.scheme}:")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("my card is 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("card ４１１１ １１１１ １１１１ １１１１", "１１１１ １１１１"),
        ("the code was 482913", "482913"),
        ("验证码是482913", "482913"),
        ("身份证11010519491231002X", "11010519491231002X"),
    ],
)
def test_no_secret_comes_in(harness: Harness, text: str, secret: str) -> None:
    assert secret not in str(heard(harness, text).to_dict())


@pytest.mark.parametrize("text", ["/restart", " //restart", "／restart", '/has_paid{"a": "b"}'])
def test_no_text_commands_anything(harness: Harness, text: str) -> None:
    assert heard(harness, text).text.startswith(("restart", "has_paid"))


@pytest.mark.parametrize(
    ("text", "why"), [("/", "empty"), ("\u200b/", "empty"), ("x" * 201, "too_long")]
)
def test_what_holds_no_words_or_too_many_is_told_apart(
    harness: Harness, text: str, why: str
) -> None:
    try:
        found = heard(harness, text).kind
    except UnheardError as error:
        found = error.why
    assert found == why


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=LONGEST))
def test_any_text_is_received_or_refused_and_never_fails(harness: Harness, text: str) -> None:
    try:
        found = harness.channel.receive(harness.raw(text))
    except UnheardError:
        return
    assert found is None or not found.text.startswith("/")


def test_the_same_thing_brought_twice_is_known_by_its_key(harness: Harness) -> None:
    raw = harness.raw("hello there")
    first, second = harness.channel.receive(raw), harness.channel.receive(raw)
    assert first is not None
    assert first == second


# render


def shown(harness: Harness, message: Message) -> list[Mapping[str, Any]]:
    return list(harness.channel.render(message))


def said(*, text: str = "Hang up now.", **more: Any) -> Message:
    return Message(**{"text": text, "lang": "en", "card": None, **more})


def test_every_word_and_every_button_is_shown_in_order(harness: Harness) -> None:
    titles = ["I have hung up", "I am still on the phone"]
    found = shown(harness, said(buttons=[Button(title=title) for title in titles]))
    assert "Hang up now." in found[0]["text"]
    assert all(title in str(found[-1]) for title in titles)


def test_a_card_shows_name_both_numbers_and_hours(harness: Harness) -> None:
    found = str(shown(harness, said(card=CARD)))
    for fact in ("Zhou Min", "+86 101 0000 0011", "+86 101 0000 0001", "Day and night"):
        assert fact in found


def test_a_page_of_ours_is_shown_with_its_address(harness: Harness) -> None:
    link = "https://voice.bank.example/report/abc"
    assert link in str(shown(harness, said(link=link)))


@pytest.mark.parametrize(
    "text", ["<b>bold</b> & *stars* _lines_ [x](http://a.b)", "“引用”<script>"]
)
def test_text_is_shown_as_text(harness: Harness, text: str) -> None:
    [found] = shown(harness, said(text=text))
    assert found["text"] == text
    assert "parse_mode" not in found


# push

_keys = count()


def push(harness: Harness, text: str, *, key: str = "") -> None:
    harness.channel.push(
        Owed(
            dedupe_key=key or f"push:{next(_keys)}",
            recipient=harness.address,
            subject="Message to the chat",
            text=text,
            body={"text": text, "lang": "en", "buttons": [], "card": None},
        )
    )


def test_what_is_pushed_arrives_in_order(harness: Harness) -> None:
    for text in ("first", "second"):
        push(harness, text)
    assert harness.arrived()[-2:] == ["first", "second"]


def test_what_is_pushed_twice_arrives_once(harness: Harness) -> None:
    for _ in range(2):
        push(harness, "only once", key="push:same")
    assert harness.arrived().count("only once") == 1


def test_what_does_not_arrive_is_a_delivery_error_and_arrives_later(harness: Harness) -> None:
    with harness.broken(), pytest.raises(DeliveryError) as caught:
        push(harness, "in the end", key="push:broken")
    assert TOKEN not in str(caught.value)
    assert META_TOKEN not in str(caught.value)
    assert "in the end" not in harness.arrived()
    push(harness, "in the end", key="push:broken")
    assert harness.arrived()[-1] == "in the end"


def test_an_address_that_is_none_of_the_channels_is_a_delivery_error(harness: Harness) -> None:
    with pytest.raises(DeliveryError):
        harness.channel.push(
            Owed(dedupe_key="push:none", recipient="pigeon:x", subject="s", text="t")
        )


def now() -> datetime:
    return datetime.now(UTC)
