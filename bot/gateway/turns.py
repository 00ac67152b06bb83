"""One message's way: mask it, wait for its turn, ask Rasa, and never leave the customer alone."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from bot.errors import UnavailableError
from bot.gateway.channels import Conversing
from bot.gateway.languages import SpokenLanguages
from bot.gateway.messages import Answer, Message
from bot.gateway.ordering import Turnstile
from bot.gateway.privacy import mask
from bot.gateway.rasa import RasaClient
from bot.gateway.text import without_command

logger = logging.getLogger("secondvoice.gateway")


class Turns:
    """Answers messages.

    Args:
        rasa: The client that is asked.
        seconds: Longest wait in all, for the queue and for Rasa together.
        safe_answer: Gives the static answer in a language.
    """

    def __init__(
        self, rasa: RasaClient, *, seconds: float, safe_answer: Callable[[str], str]
    ) -> None:
        self._rasa = rasa
        self._seconds = seconds
        self._safe_answer = safe_answer
        self._turnstile = Turnstile()
        self._languages = SpokenLanguages()

    async def answer(
        self,
        text: str,
        *,
        conversation: Conversing,
        language: str,
        own_words: bool = True,
        question_left: bool = False,
    ) -> Answer:
        """Return the answer to one message: Rasa's, or the static one within the time.

        Args:
            text: The customer's words.
            conversation: Whose turn it is.
            language: The language of the page, until the customer's own words tell.
            own_words: Whether the words are the customer's own; what somebody else has written
                does not tell which language he reads.
            question_left: Whether he has left the last question, which these words cannot answer.

        Raises:
            LimitExceededError: Too many messages of this conversation wait already.
        """
        # Channels have masked it already; nothing depends on every one of them having done so.
        text = mask(without_command(text)).text
        started = time.monotonic()
        heard = text if own_words else ""
        language = self._languages.hear(conversation.id, heard, otherwise=language)
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._turnstile.turn(conversation.id),
            ):
                messages = await self._rasa.ask(
                    text,
                    sender=conversation.address,
                    language=language,
                    question_left=question_left,
                )
            self._languages.note(conversation.id, messages[-1].lang)
            answer = Answer(messages=messages, degraded=False)
        except (TimeoutError, UnavailableError) as error:
            logger.warning("safe answer given: %s", str(error) or "no answer in time")
            answer = self.safe(language)
        logger.info(
            "message answered conversation=%s degraded=%s ms=%d",
            conversation.id[:8],
            answer.degraded,
            (time.monotonic() - started) * 1000,
        )
        return answer

    def switch(self, conversation: Conversing, language: str) -> None:
        """Speak another language from the next message on, because the customer has chosen it."""
        self._languages.note(conversation.id, language)

    def safe(self, language: str) -> Answer:
        """Return the static answer, which needs no other process."""
        message = Message(text=self._safe_answer(language), lang=language, card=None)
        return Answer(messages=[message], degraded=True)
