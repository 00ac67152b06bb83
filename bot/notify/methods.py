"""Which class carries which method."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from bot.errors import ConfigurationError
from bot.notify.apprise_method import AppriseNotifier, problem_with
from bot.notify.chat import ChatNotifier
from bot.notify.chats import ChatsNotifier
from bot.notify.console import ConsoleNotifier
from bot.notify.message import Notifier, method_name
from bot.notify.webhook import Webhook, WebhookNotifier
from bot.notify.webhooks_file import load_webhooks, names_in
from bot.settings import Settings, variable

_WEBHOOK = "webhook:"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Methods:
    """Finds the notifier of a method: ``console``, ``chat``, ``webhook:<name>`` or an Apprise URL.

    Args:
        sessions: Makes sessions for the method ``chat``; None where nobody sends by it.
        messengers: Notifiers of chats outside the web, by the scheme of their addresses.
        webhooks: The bank's webhooks by name.
        show_text: Let the console method write the whole text, for the demo.
        now: The clock, aware.
        width: Messages under way to one receiver at once.
    """

    def __init__(
        self,
        *,
        sessions: sessionmaker[Session] | None = None,
        messengers: Mapping[str, Notifier] | None = None,
        webhooks: Mapping[str, Webhook] | None = None,
        show_text: bool = False,
        now: Callable[[], datetime] = _utc_now,
        width: int = 8,
    ) -> None:
        self._sessions = sessions
        self._messengers = dict(messengers or {})
        self._webhooks = dict(webhooks or {})
        self._show_text = show_text
        self._now = now
        self._width = width
        self._made: dict[str, Notifier] = {}
        self._making = threading.Lock()

    @classmethod
    def from_settings(
        cls, settings: Settings, *, sessions: sessionmaker[Session] | None = None
    ) -> Methods:
        """Return the methods of this bank.

        Args:
            settings: Say where the file of webhooks is.
            sessions: Makes sessions for the method ``chat``.

        Raises:
            ConfigurationError: The file of webhooks cannot be used.
        """
        return cls(
            sessions=sessions,
            messengers=_messengers(settings, sessions) if sessions else {},
            webhooks=load_webhooks(settings.webhooks_file, variable=variable),
            show_text=settings.demo,
            width=settings.delivery_per_receiver,
        )

    def __call__(self, method: str) -> Notifier:
        """Return the notifier of a method, the same one each time.

        Raises:
            ConfigurationError: Nothing carries this method; its text does not repeat it.
        """
        with self._making:
            if method not in self._made:
                self._made[method] = self._make(method)
            return self._made[method]

    def check(self, method: str) -> None:
        """Check a method before people rely on it.

        Raises:
            ValueError: What is wrong with it, without repeating it: it may hold a password.
        """
        if method in ("console", "chat"):
            return
        if method.startswith(_WEBHOOK):
            if method.removeprefix(_WEBHOOK) not in self._webhooks:
                known = names_in(self._webhooks)
                raise ValueError(f"names a webhook that is not in the file of webhooks ({known})")
        elif "://" not in method:
            raise ValueError("is neither console, webhook:<name> nor a URL")
        elif problem := problem_with(method):
            raise ValueError(problem)

    def _make(self, method: str) -> Notifier:
        if method == "console":
            return ConsoleNotifier(show_text=self._show_text)
        if method == "chat":
            if self._sessions is None:
                raise ConfigurationError("Messages to a chat need the database of the worker.")
            web = ChatNotifier(self._sessions, now=self._now)
            return ChatsNotifier({"web": web, **self._messengers})
        webhook = self._webhooks.get(method.removeprefix(_WEBHOOK))
        if webhook and method.startswith(_WEBHOOK):
            return WebhookNotifier(webhook, now=self._now, width=self._width)
        try:
            self.check(method)
        except ValueError as error:
            raise ConfigurationError(
                f'No notifier carries the method "{method_name(method)}": it {error}. '
                'Correct the person\'s "notify".'
            ) from None
        return AppriseNotifier(method)


def _messengers(settings: Settings, sessions: sessionmaker[Session]) -> dict[str, Notifier]:
    """Return the notifiers of the messengers that are configured."""
    return {**_telegram(settings, sessions), **_whatsapp(settings, sessions)}


def _telegram(settings: Settings, sessions: sessionmaker[Session]) -> dict[str, Notifier]:
    if not settings.telegram_token:
        return {}
    # Its library takes longest of all to import, and most banks' workers do without it.
    from bot.bank import load_bank
    from bot.notify.messengers.parts import Rendering
    from bot.notify.telegram_chat import SCHEME, TelegramChatNotifier

    telegram = TelegramChatNotifier(
        sessions,
        token=settings.telegram_token,
        api_url=settings.telegram_api_url,
        rendering=Rendering(
            load_bank(settings.bank_file), public_url=settings.effective_public_url
        ),
    )
    return {SCHEME: telegram}


def _whatsapp(settings: Settings, sessions: sessionmaker[Session]) -> dict[str, Notifier]:
    if not settings.whatsapp_token:
        return {}
    # As Telegram's, its library is not for every worker.
    from bot.bank import load_bank
    from bot.notify.messengers.parts import Rendering
    from bot.notify.whatsapp.rendering import WhatsAppRendering
    from bot.notify.whatsapp.sending import SCHEME, CloudApi
    from bot.notify.whatsapp_chat import WhatsAppChatNotifier

    def api() -> CloudApi:
        return CloudApi(
            token=settings.whatsapp_token,
            phone_number_id=settings.whatsapp_phone_number_id,
            api_url=settings.whatsapp_api_url,
            now=_utc_now,
        )

    rendering = Rendering(load_bank(settings.bank_file), public_url=settings.effective_public_url)
    notifier = WhatsAppChatNotifier(
        sessions,
        api=api,
        rendering=WhatsAppRendering(rendering),
        template=settings.whatsapp_template,
    )
    return {SCHEME: notifier}
