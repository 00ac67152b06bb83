"""A packet's values as people read them on paper, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.recovery.document_words import document_words
from bot.recovery.packet import Packet, Said
from bot.recovery.words import ClockWords, clock_words

LONGEST_NAME = 56
LONGEST_QUOTE = 84


class Values:
    """Writes the values of one packet in one language; an empty text stands for the unknown.

    Args:
        packet: The packet.
        language: A language of the documents.

    Raises:
        NotFoundError: There are no words in that language.
    """

    def __init__(self, packet: Packet, language: str) -> None:
        self.packet = packet
        self.language = language
        self.words: Mapping[str, Any] = document_words(language)
        self.clock: ClockWords = clock_words(language)

    def stamp(self, moment: datetime, form: str = "%Y-%m-%d %H:%M") -> str:
        """Return a moment as clocks show it where the bank is."""
        return moment.astimezone(self.packet.clock.pack.zone).strftime(form)

    @property
    def amount(self) -> str:
        """The amount with its currency."""
        money = self.money(self.packet.amount)
        if money and self.packet.currency_assumed:
            return str(self.words["assumed"]).format(money=money)
        return money

    def money(self, amount: Decimal | None) -> str:
        """Return an amount in the payment's currency."""
        return "" if amount is None else f"{self.packet.currency or ''} {amount:,.2f}".strip()

    @property
    def submitted(self) -> str:
        """When it was ordered, no more precisely than it is known."""
        packet = self.packet
        if packet.submitted is None:
            return ""
        if packet.precise_to == "day":
            day = self.stamp(packet.submitted, "%Y-%m-%d")
            return str(self.words["on_day"]).format(moment=day)
        moment = self.stamp(packet.submitted)
        about = packet.precise_to == "hour"
        return str(self.words["about"]).format(moment=moment) if about else moment

    @property
    def channel(self) -> str:
        """How it was sent."""
        return self.clock.say(self.packet.channel) if self.packet.channel else ""

    @property
    def paying_bank(self) -> str:
        """The other bank that it left; empty for an account of this bank."""
        return short(self.packet.paying_bank or "", LONGEST_NAME)

    @property
    def arrival(self) -> str:
        """Which arrival was chosen."""
        return self.clock.say(self.packet.arrival) if self.packet.arrival else ""

    @property
    def account_kind(self) -> str:
        """Whose account it left."""
        kind = self.packet.account_kind
        return str(self.words["account_kinds"].get(kind, kind)) if kind else ""

    @property
    def caller_there(self) -> str:
        """Whether the caller is still in touch."""
        there = self.packet.caller_there
        return "" if there is None else str(self.words["yes_word" if there else "no_word"])

    @property
    def payee_name(self) -> str:
        """Who got it."""
        return short(self.packet.payee.name or "", LONGEST_NAME)

    @property
    def payee_bank(self) -> str:
        """Where his account is."""
        return short(self.packet.payee.bank or "", LONGEST_NAME)

    @property
    def payee_account(self) -> str:
        """The last characters of his account number."""
        ending = self.packet.payee.account_ending
        return str(self.words["ending"]).format(ending=ending) if ending else ""

    def detail(self, name: str) -> str:
        """Return a detail of ``packet.DETAILS``; empty where nobody knows it."""
        value: str = getattr(self, name)
        return value

    @property
    def customer(self) -> str:
        """The customer's name; empty for a visitor."""
        customer = self.packet.customer
        return short(customer.name_in(self.language), LONGEST_NAME) if customer else ""

    @property
    def company(self) -> str:
        """The customer's company; empty where there is none."""
        customer = self.packet.customer
        return short(customer.company_in(self.language), LONGEST_NAME) if customer else ""

    @property
    def legal_representative(self) -> str:
        """Who may act for the company; empty where the bank has nobody."""
        customer = self.packet.customer
        return short(customer.legal_representative, LONGEST_NAME) if customer else ""

    @property
    def second_signer(self) -> str:
        """Who signs payments besides; empty where the bank has nobody."""
        customer = self.packet.customer
        return short(customer.second_signer, LONGEST_NAME) if customer else ""

    def of(self, texts: Mapping[str, str]) -> str:
        """Return the text of this language, or any."""
        return texts.get(self.language) or next(iter(texts.values()), "")


def short(text: str, most: int) -> str:
    """Return a text in one line, cut where it is longer than ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def story(packet: Packet) -> list[Said]:
    """Return the customer's words in order, each once: a quote inside longer words is left out."""
    told = sorted([*packet.evidence, *packet.words], key=lambda one: one.at)
    kept: list[Said] = []
    for one in told:
        line = " ".join(one.text.split())
        if any(line in " ".join(other.text.split()) for other in kept):
            continue
        if any(
            line in " ".join(other.text.split())
            for other in told
            if other is not one and len(other.text) > len(one.text)
        ):
            continue
        kept.append(one)
    return kept
