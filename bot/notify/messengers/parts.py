"""What is said to a customer, as the messages that a chat shows one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.bank import Bank
from bot.casework.cards import ContactCard
from bot.casework.vcards import CardFacts, short_vcard, vcard
from bot.contact_cards.words import card_words, filled
from bot.notify.messengers.sentences import split
from bot.notify.messengers.words import words

VCARD_BYTES = 2048
"""What Telegram takes of a vCard; the longest that any messenger is given."""

_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/[^\s“”\"，。]*)?", re.I)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One message of a chat: words, or a contact that can be saved where there is a phone.

    Args:
        text: The words.
        buttons: Titles of suggested replies beneath the words.
        link: Title and address of a button that opens a page.
        dead: Where in the words addresses stand that must not be opened with a tap: start and
            length, in characters.
        phone: The number of the contact.
        name: His name.
        vcard: All that an address book may keep of him.
    """

    text: str = ""
    buttons: tuple[str, ...] = ()
    link: tuple[str, str] | None = None
    dead: tuple[tuple[int, int], ...] = ()
    phone: str = ""
    name: str = ""
    vcard: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, without what is empty."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Part:
        """Read it back from JSON, which has lists for tuples."""
        link = values.get("link")
        return cls(
            **{
                **values,
                "buttons": tuple(values.get("buttons", ())),
                "link": (link[0], link[1]) if link else None,
                "dead": tuple((start, size) for start, size in values.get("dead", ())),
            }
        )


class Rendering:
    """Turns messages to a customer into parts.

    Args:
        bank: Gives names, and the addresses that are the bank's own.
        public_url: Address of the gateway, whose pages may be opened with a tap.
    """

    def __init__(self, bank: Bank, *, public_url: str) -> None:
        self._bank = bank
        self._public_url = public_url
        self._own = {domain.lower() for domain in bank.domains}

    def parts(self, message: Mapping[str, Any], *, now: datetime) -> list[Part]:
        """Return the parts of one message; its buttons stand beneath the last words.

        Args:
            message: ``text``, ``lang``, ``buttons`` with titles, ``card`` and ``link``, as the
                chat API and the outbox have them.
            now: The moment, aware.
        """
        text = "\n".join(part for part in (message.get("text"), message.get("link")) if part)
        found = [self.words(piece) for piece in split(str(text))]
        card = _card(message.get("card"))
        if card is not None:
            found += [self._contact(card, now=now), self.words(_beneath(card))]
        titles = tuple(str(button["title"]) for button in message.get("buttons") or ())
        if titles and found:
            found[-1] = replace(found[-1], buttons=titles)
        return found

    def words(self, text: str) -> Part:
        """Return a part of words alone, in which no stranger's address can be tapped."""
        return Part(text=text, dead=tuple(self.dead_links(text)))

    def dead_links(self, text: str) -> Iterable[tuple[int, int]]:
        """Return where in a text addresses stand that are neither the bank's nor ours."""
        for match in _ADDRESS.finditer(text):
            written = match.group()
            url = written if "://" in written else f"https://{written}"
            host = (urlsplit(url).hostname or "").lower()
            ours = url.startswith(f"{self._public_url}/")
            if not ours and not any(host == own or host.endswith(f".{own}") for own in self._own):
                yield match.start(), len(written)

    def _contact(self, card: ContactCard, *, now: datetime) -> Part:
        facts = CardFacts(
            bank=self._bank.name_in(card.language),
            note=filled(card_words(card.language).note, self._bank.fields(card.language)),
            url=f"{self._public_url}/chat",
            token=card.mobile,
            revised=now,
        )
        written = vcard(card, facts, version="3.0")
        if len(written) > VCARD_BYTES:
            written = short_vcard(card, facts)
        phone = re.sub(r"[^+\d]", "", card.mobile)
        return Part(phone=phone, name=card.name, vcard=written.decode())


def _beneath(card: ContactCard) -> str:
    """Return in words what the contact says: not every device shows contacts."""
    lines = words(card.language).card
    values = card.to_dict()
    shown = [lines[card.kind], lines["number"]]
    shown += [lines[name] for name in ("backup", "hours") if values[name]]
    return "\n".join(line.format(**values) for line in [*shown, lines["verified"]])


def _card(values: Any) -> ContactCard | None:
    """Read a contact card; None where there is none or it lacks what a card has."""
    wanted: Sequence[str] = [field.name for field in fields(ContactCard)]
    if not isinstance(values, Mapping) or not all(name in values for name in wanted):
        return None
    return ContactCard(**{name: str(values[name]) for name in wanted})
