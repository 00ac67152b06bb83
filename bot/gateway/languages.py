"""Which language each conversation is spoken in, turn by turn."""

from __future__ import annotations

from collections import OrderedDict

from bot.recognition.language import language_in_talk

_REMEMBERED = 10_000


class SpokenLanguages:
    """Remembers the language of the latest conversations, so that a bare "ok" switches nothing."""

    def __init__(self) -> None:
        self._spoken: OrderedDict[str, str] = OrderedDict()

    def hear(self, conversation_id: str, text: str, *, otherwise: str) -> str:
        """Return the language to answer a text in.

        Args:
            conversation_id: The conversation.
            text: What the customer wrote.
            otherwise: The language of the page, for a conversation that has said nothing telling.
        """
        previous = self._spoken.get(conversation_id, otherwise)
        return self.note(conversation_id, language_in_talk(text, previous=previous))

    def note(self, conversation_id: str, language: str) -> str:
        """Remember the language spoken last, and return it."""
        self._spoken[conversation_id] = language
        self._spoken.move_to_end(conversation_id)
        if len(self._spoken) > _REMEMBERED:
            self._spoken.popitem(last=False)
        return language
