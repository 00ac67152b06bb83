"""WhatsApp's parts, put together in one place, inside the gateway that Meta calls."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.casework.database import reading_factory, session_factory
from bot.casework.deliveries import record_lost
from bot.errors import ConfigurationError, DeliveryError, UnavailableError
from bot.gateway.channels import Heard, MessengerTalk
from bot.gateway.messengers.answering import Answering
from bot.gateway.messengers.chats import Chats
from bot.gateway.messengers.conversing import Replies
from bot.gateway.whatsapp.channel import WhatsAppChannel
from bot.gateway.whatsapp.reading import Reader, failures_in, messages_in, words_in
from bot.gateway.whatsapp.showing import InWhatsApp
from bot.gateway.wiring import Gateway
from bot.notify.messengers.parts import Part, Rendering
from bot.notify.messengers.words import FALLBACK_LANGUAGE, words
from bot.notify.whatsapp.refusals import lost_for
from bot.notify.whatsapp.rendering import WhatsAppRendering
from bot.notify.whatsapp.sending import SCHEME, CloudApi, identity_of
from bot.settings import Settings

logger = logging.getLogger("secondvoice.whatsapp")

WEBHOOK_PATH = "/whatsapp/webhook"
BROUGHT_AGAIN_FOR = timedelta(days=8)
"""Meta brings again for seven days what it believes not to have arrived."""

_REMEMBERED = 10_000
_KINDS_OF_WORDS = ("text", "press", "command")


class WhatsApp:
    """All of WhatsApp in one process.

    Args:
        gateway: The parts that every channel shares.
    """

    def __init__(self, gateway: Gateway) -> None:
        settings = gateway.settings
        self._settings = settings
        self._payee_numbers = gateway.payee_numbers
        self._now = gateway.now
        self._sessions = session_factory(gateway.engine, tiers=settings.tiers)
        self._api = api_of(settings, gateway)
        rendering = rendering_of(settings, gateway)
        self.channel = WhatsAppChannel(
            reader=Reader(
                commands=frozenset((*words(FALLBACK_LANGUAGE).commands, "settings")),
                longest=settings.text_characters,
            ),
            rendering=rendering,
            now=gateway.now,
        )
        self._chats = Chats(
            scheme=SCHEME,
            sessions=self._sessions,
            reading=reading_factory(gateway.engine, tiers=settings.tiers),
            customers=gateway.customers,
            now=gateway.now,
            kept_for=BROUGHT_AGAIN_FOR,
        )
        self._conversing = Replies(
            turns=gateway.turns,
            limits=gateway.limits,
            chats=self._chats,
            bank=gateway.bank,
            strings=gateway.strings,
            messenger="WhatsApp",
            longest=settings.text_characters,
        )
        self._answering = Answering(
            conversing=self._conversing,
            chats=self._chats,
            messenger=InWhatsApp(
                self._api, chats=self._chats, conversing=self._conversing, now=gateway.now
            ),
            rendering=rendering,
            alone=False,
        )
        self._told: OrderedDict[str, None] = OrderedDict()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer what the webhook keeps, for as long as the block lasts."""
        stop = asyncio.Event()
        answering = asyncio.create_task(self._answering.run(stop))
        logger.info("WhatsApp is ready at %s", WEBHOOK_PATH)
        try:
            yield
        finally:
            stop.set()
            self._answering.wake.set()
            await answering
            await self._api.close()

    async def take(self, payload: Any) -> None:
        """Keep what Meta has brought; only then may it be told that it has arrived.

        Raises:
            SQLAlchemyError: It could not be kept.
            UnavailableError: It cannot be noted yet.
        """
        number = self._settings.whatsapp_phone_number_id
        brought = [
            (heard, message)
            for message in messages_in(payload, phone_number_id=number)
            if (heard := self._heard(message)) is not None
        ]
        if brought:
            await self._keep([heard for heard, _ in brought])
            self._answering.wake.set()
        for heard, message in brought:
            if heard.kind == "text":
                talk = MessengerTalk(address=heard.address, language=heard.language)
                self._payee_numbers.offer(words_in(message), conversation=talk, late=True)
        for key, code in failures_in(payload, phone_number_id=number):
            await self._note_lost(key, code)

    def is_meta(self, signature: str, body: bytes) -> bool:
        """Tell whether Meta has signed a body, in a time that does not tell how much of it.

        Args:
            signature: The header ``X-Hub-Signature-256``.
            body: The body as it came.
        """
        secret = self._settings.whatsapp_app_secret.encode()
        good = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature.encode(), good.encode())

    def knows_verify_token(self, token: str) -> bool:
        """Tell whether somebody knows the token with which the webhook is registered at Meta."""
        good = self._settings.key("whatsapp_verify_token")
        return hmac.compare_digest(token.encode(), good.encode())

    def _heard(self, message: Any) -> Heard | None:
        try:
            return self.channel.receive(message)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # Brought again it would be no better, and it would hold up the others.
            logger.error("a message cannot be read: %s", type(error).__name__)
            return None

    async def _keep(self, heard: Sequence[Heard]) -> None:
        try:
            await self._chats.keep(heard)
        except SQLAlchemyError:
            await self._tell_numbers(heard)
            raise

    async def _tell_numbers(self, heard: Sequence[Heard]) -> None:
        """Leave nobody without numbers while nothing can be kept; each message gets them once."""
        for one in heard:
            if one.kind not in _KINDS_OF_WORDS or one.key in self._told:
                continue
            self._told[one.key] = None
            if len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)
            text = self._conversing.safe(one.language).messages[0].text
            try:
                await self._api.send(identity_of(one.address), Part(text=text))
            except DeliveryError as error:
                logger.warning("the static answer was not sent: %s", error)

    async def _note_lost(self, key: str, code: int) -> None:
        """Note that a message that Meta had taken did not arrive: nobody may rely on it."""
        logger.warning("a message did not arrive (%d)", code)
        if not key:
            return
        reason = str(lost_for(code) or f"WhatsApp did not bring it ({code}); ring the customer.")

        def note() -> bool:
            with self._sessions.begin() as session:
                return record_lost(session, key, error=reason, now=self._now())

        if not await to_thread.run_sync(note):
            raise UnavailableError("The message is still being sent; Meta tells it again.")


def called_by_meta(gateway: Gateway) -> WhatsApp | None:
    """Return WhatsApp where it is configured.

    Raises:
        ConfigurationError: It is, by halves.
    """
    settings = gateway.settings
    if not settings.whatsapp_token:
        return None
    check(settings)
    return WhatsApp(gateway)


def check(settings: Settings) -> None:
    """Check that nothing is missing.

    Raises:
        ConfigurationError: Something is.
    """
    for name in ("whatsapp_phone_number_id", "whatsapp_app_secret"):
        if not getattr(settings, name):
            raise ConfigurationError(
                f"SECONDVOICE_{name.upper()} is not set, but SECONDVOICE_WHATSAPP_TOKEN is; "
                "docs/whatsapp.md says where to find it."
            )


def api_of(settings: Settings, gateway: Gateway) -> CloudApi:
    """Return the connection to the Cloud API."""
    return CloudApi(
        token=settings.whatsapp_token,
        phone_number_id=settings.whatsapp_phone_number_id,
        api_url=settings.whatsapp_api_url,
        now=gateway.now,
    )


def rendering_of(settings: Settings, gateway: Gateway) -> WhatsAppRendering:
    """Return what makes parts of messages."""
    return WhatsAppRendering(Rendering(gateway.bank, public_url=settings.effective_public_url))
