"""What counsel knows when it speaks, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.bank import Bank
from bot.counsel.phrases import phrases


@dataclass(frozen=True)
class Speech:
    """One message of the assistant.

    Args:
        text: The words.
        buttons: Titles of suggested replies; typed as text they mean the same.
        card: A contact card to show beneath, as plain values.
        link: A page of ours to open; empty for none.
    """

    text: str
    buttons: tuple[str, ...] = ()
    card: Mapping[str, str] | None = None
    link: str = ""


@dataclass(frozen=True)
class Reply:
    """The whole answer to one message.

    Args:
        speeches: The messages, in order; at most one of them asks.
        asked: What was asked, so that a bare "yes" can be understood; empty when nothing was.
        missed: Whether the same is asked again because the message answered nothing.
    """

    speeches: tuple[Speech, ...]
    asked: str = ""
    missed: bool = False


@dataclass(frozen=True)
class Told:
    """A human who knows of the case; it exists only after the commit.

    Args:
        reference: Public reference of the case.
        card: Whom the customer reaches, as plain values.
        fresh: Whether this very message made us tell him.
    """

    reference: str
    card: Mapping[str, str]
    fresh: bool


@dataclass(frozen=True)
class PaymentTalk:
    """Where the talk about a payment stands.

    Args:
        question: What to ask next, a key of ``casework.payments.QUESTIONS``; None when all is told.
        noted: What this message told, ready to be read back; empty when nothing.
        at_desk: Whether the desk that stops payments has been told; true only after the commit.
        company: Whether it left from a company's account.
        caller_there: Whether this message said that the caller is still in touch.
        report: Address of the sheet for the police; empty where there is none.
        way: ``cash``, ``gift_card``, ``crypto`` or ``atm``, which need words of their own.
        other_bank: Another bank that it left; our desk cannot stop it there.
        way_is_new: Whether this message told of one of the two.
        assumed: The currency that was taken for an amount without one; empty where it was named.
        not_read: Why this message answered nothing: ``plea``, ``not_read``; empty when it did.
    """

    question: str | None
    noted: Sequence[str] = ()
    at_desk: bool = False
    company: bool = False
    caller_there: bool = False
    report: str = ""
    way: str = ""
    other_bank: str = ""
    way_is_new: bool = False
    assumed: str = ""
    not_read: str = ""


@dataclass(frozen=True)
class RequestTalk:
    """Where the check of a payment request stands.

    Args:
        question: What to ask next, a key of ``payment_requests.QUESTIONS``; None gives the result.
        signs: ``(sign, quote)`` of those that are there, the weightiest first; the quote is empty
            for a plain answer.
        note: Address of the page for whoever signs for the company; empty where there is none.
        not_read: Whether this message answered nothing that was asked.
    """

    question: str | None = None
    signs: Sequence[tuple[str, str]] = ()
    note: str = ""
    not_read: bool = False


@dataclass(frozen=True)
class Known:
    """Which human knows of the case, and since when; read from what is committed.

    Args:
        kind: ``nobody``, ``owed``, ``sent``, ``read`` or ``next`` (the next one was asked).
        name: Who was asked or has read it.
        time: When, on the reader's own clock.
        phone: The number to ring instead of waiting.
        reference: Public reference of the case.
    """

    kind: str = "nobody"
    name: str = ""
    time: str = ""
    phone: str = ""
    reference: str = ""


@dataclass(frozen=True)
class WordTalk:
    """Where the talk about the two words stands by which a customer knows his manager.

    Args:
        kind: ``word`` (there they are), ``seen``, ``unseen``, or why there are none: ``visitor``,
            ``watched``, ``limit``, ``none``.
        word: The two words, as the customer reads them; empty but for ``word``.
        until: When they end, on the reader's own clock.
        asked: Names of those of the bank who were asked to look at them.
        seen_by: Who of the bank has opened the page with them.
        seen_at: When he did, on the reader's own clock.
    """

    kind: str
    word: str = ""
    until: str = ""
    asked: tuple[str, ...] = ()
    seen_by: str = ""
    seen_at: str = ""


@dataclass(frozen=True)
class Representative:
    """Who else in the customer's company can stop a payment.

    Args:
        name: The name.
        told: How he is told: empty for not yet, ``told``, ``by_manager`` or ``known``.
    """

    name: str
    told: str = ""


@dataclass(frozen=True)
class Learning:
    """A lesson or a quiz as it stands.

    Args:
        how: ``lesson`` or ``quiz``.
        script_id: The scam that it is about; empty while it is still to be chosen.
        title: Its title.
        lines: The messages of the lesson.
        offered: ``(id, title)`` of the scams to choose from; four at most.
        question: The question to ask next, with its lettered answers; empty when none is left.
        answers: How many answers it has.
        asked: Where the quiz stands when it has been asked.
        right: Whether the answer just given was right.
        letter: The letter of the right answer.
        reason: Why it is right.
        noted: Whether it has been noted that this was learned; true only after the commit.
    """

    how: str
    script_id: str = ""
    title: str = ""
    lines: Sequence[str] = ()
    offered: Sequence[tuple[str, str]] = ()
    question: str = ""
    answers: int = 0
    asked: str = ""
    right: bool = False
    letter: str = ""
    reason: str = ""
    noted: bool = False


@dataclass(frozen=True)
class Situation:
    """All that counsel needs to know.

    Args:
        language: Language to answer in.
        bank: Gives names and numbers.
        level: How surely it is a scam, over the whole case.
        exposure: How far in the customer is, over the whole case.
        script: What is known of the leading script, or ``None``.
        next: What the caller will say next, or ``None``.
        evidence: ``(quote, why)`` pairs of the case, this message's first.
        said: The pairs of this message alone.
        manager: Name of the account manager; ``None`` for a visitor.
        told: Who has been told; ``None`` when nobody has.
        failed: Whether somebody should have been told but could not be.
        misses: How many messages in a row were not understood.
        goes_on: Whether the customer was warned in this talk before.
        topic: What the message is about after all, where the case shows more than the words.
        payment: Where the talk about a payment stands; ``None`` when no money has left.
        known: Who knows of the case.
        representative: Who else in the company can stop a payment; ``None`` where nobody is known.
        company: Whether it is a company's money that is in danger.
        request: Where the check of a payment request stands; ``None`` when none was told of.
        word: Where the talk about the manager's two words stands; ``None`` where it is of none.
        silenced: Whom we told that the customer wants no more messages; ``None`` for nobody.
        sent: His own masked words, the oldest first, with this message last.
        lost: What the caller got, in the order in which it is locked: ``control``, ``code``,
            ``password``, ``card``, ``identity``.
        whom: For whom the customer reports, such as ``mother``; empty for himself.
        young: Whether the customer is a child.
        calm: Whether he was calm once since the case was opened.
        returns: Whether he comes back after hours or days.
        came_true: The prediction that has come true with this message; ``None`` for none.
        coached: Whether he was told with this message what to say to the bank.
        paid_ago: ``day`` or ``week`` where this message told that the payment is so old.
        learning: Where a lesson or a quiz stands; ``None`` where there is none.
    """

    language: str
    bank: Bank
    level: str = "clear"
    exposure: str = "asking"
    script: Mapping[str, Any] | None = None
    next: str | None = None
    evidence: Sequence[tuple[str, str]] = field(default=())
    said: Sequence[tuple[str, str]] = field(default=())
    manager: str | None = None
    told: Told | None = None
    failed: bool = False
    misses: int = 0
    goes_on: bool = False
    topic: str = ""
    payment: PaymentTalk | None = None
    known: Known = Known()
    representative: Representative | None = None
    company: bool = False
    request: RequestTalk | None = None
    silenced: str | None = None
    sent: Sequence[str] = ()
    lost: Sequence[str] = ()
    whom: str = ""
    young: bool = False
    calm: bool = False
    returns: bool = False
    came_true: str | None = None
    paid_ago: str = ""
    coached: bool = False
    word: WordTalk | None = None
    learning: Learning | None = None

    def say(self, key: str, *buttons: str, **fields: str) -> Speech:
        """Return a phrase of this situation's language as a speech with buttons."""
        words = phrases(self.language)
        known = {**self.bank.fields(self.language), **fields}
        return Speech(words.say(key, **known), tuple(words.buttons[name] for name in buttons))

    @property
    def warned(self) -> bool:
        """Whether the case is one of which the customer is warned."""
        return self.level in ("suspicious", "scam")

    @property
    def counsel(self) -> str:
        """The one thing to do this minute."""
        assert self.script is not None  # noqa: S101 - callers look first
        words: str = self.script["counsel"][self.exposure][self.language]
        return words

    @property
    def honest_way(self) -> str:
        """How to check the claim for real, by the leading script or in general."""
        if self.script is None:
            return ""
        words: str = self.script["honest_way"][self.language]
        return words
