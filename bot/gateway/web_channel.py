"""The web chat as a channel: the page posts, shows plain messages, and fetches what else comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.gateway.channels import Heard, words_of
from bot.gateway.messages import Message, MessageRequest
from bot.gateway.tokens import Conversation, ConversationTokens
from bot.notify.message import Message as Owed
from bot.notify.message import Notifier


class WebChannel:
    """The chat page's channel.

    Args:
        conversations: Reads the tokens that name a conversation.
        longest: Characters of a message at most.
        notifier: Writes messages where the page fetches them; None in a process that pushes none.
    """

    scheme = "web"

    def __init__(
        self,
        conversations: ConversationTokens,
        *,
        longest: int,
        notifier: Notifier | None = None,
    ) -> None:
        self._conversations = conversations
        self._longest = longest
        self._notifier = notifier

    def conversation(self, raw: MessageRequest) -> Conversation:
        """Return the conversation that a request names.

        Raises:
            SignatureError: Its token is not good.
        """
        return self._conversations.read(raw.conversation)

    def receive(self, raw: MessageRequest) -> Heard:
        """Read a request.

        Raises:
            SignatureError: Its token is not good.
            UnheardError: It holds no words, or too many.
        """
        conversation = self.conversation(raw)
        return Heard(
            address=conversation.address,
            text=words_of(raw.text, longest=self._longest),
            language=raw.language or conversation.language,
        )

    def render(self, message: Message) -> Sequence[Mapping[str, Any]]:
        """Return the message as it is: the page lays it out."""
        return [message.model_dump()]

    def push(self, message: Owed) -> None:
        """Write the message where the page fetches it.

        Raises:
            DeliveryError: It was not written.
        """
        if self._notifier is None:
            raise TypeError("This process pushes nothing; give the channel a notifier.")
        self._notifier.send(message)
