"""One customer's chat over HTTP, written down as a transcript while it goes on."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.bank import load_bank
from bot.casework.models import Case, Contact
from bot.gateway.tokens import ConversationTokens
from bot.settings import PROJECT_ROOT
from tests.functional.running_stack import Stack

FOLDER = PROJECT_ROOT / "docs" / "transcripts"
WRITE = "SECONDVOICE_WRITE_TRANSCRIPTS"
_QUESTION_MARKS = "?？"
#: Moments of the run itself, which a transcript must not hold.
_CLOCK = re.compile(r"(?<!\d)\d\d:\d\d(?!\d)")
_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_QUOTED = re.compile(r"[“「][^”」]*[”」]")


@dataclass(frozen=True)
class Answer:
    """What came back for one message.

    Args:
        messages: The messages as the API gives them.
        degraded: Whether it was the static safe answer.
        seconds: How long it took.
    """

    messages: list[dict[str, Any]]
    degraded: bool
    seconds: float

    @property
    def text(self) -> str:
        """All messages, one a line."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        """The titles of all suggested replies."""
        return [button["title"] for message in self.messages for button in message["buttons"]]

    @property
    def card(self) -> dict[str, str] | None:
        """The contact card, if there is one."""
        cards = [message["card"] for message in self.messages if message["card"]]
        assert len(cards) <= 1, cards
        return cards[0] if cards else None

    @property
    def questions(self) -> int:
        """How many questions it asks; what it quotes of others is no question of ours."""
        asked = _QUOTED.sub("", self.text)
        return sum(asked.count(mark) for mark in _QUESTION_MARKS)


@dataclass
class Chat:
    """A conversation of a customer or a visitor.

    Args:
        stack: The running product.
        customer: Code of the customer who has logged in; None for a visitor.
        language: Language of the page.
    """

    stack: Stack
    customer: str | None = None
    language: str = "en"
    _token: str = ""
    _lines: list[str] = field(default_factory=list)
    _pushed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        body: dict[str, Any] = {"language": self.language}
        if self.customer:
            body["customer_token"] = self.stack.customer_token(self.customer)
        answer = self.stack.http.post("/api/chat/conversations", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["identified"] is (self.customer is not None)
        self._token = answer.json()["conversation"]
        self._note_answer(answer.json()["messages"])

    @property
    def address(self) -> str:
        """The contact's address, as the token names it."""
        key = self.stack.settings.key("secret_key")
        bank = load_bank(self.stack.settings.bank_file).key
        tokens = ConversationTokens(
            key, bank=bank, life=timedelta(hours=1), now=lambda: datetime.now(UTC)
        )
        return tokens.read(self._token).address

    def say(self, text: str, *, degraded: bool = False) -> Answer:
        """Say something, and check what must be so of every answer.

        Args:
            text: What the customer types.
            degraded: Whether the static safe answer is what should come.
        """
        started = time.monotonic()
        body = {"conversation": self._token, "text": text}
        response = self.stack.http.post("/api/chat/messages", json=body)
        seconds = time.monotonic() - started
        assert response.status_code == 200, response.text
        answer = Answer(response.json()["messages"], response.json()["degraded"], seconds)
        self._lines.append(f"**Customer:** {text}")
        self._note_answer(answer.messages)
        assert seconds < 3, f"The customer waited {seconds:.1f} s."
        assert answer.degraded is degraded, f"{answer.text}\n{self.stack.log()[-3000:]}"
        assert answer.questions <= 1, answer.text
        return answer

    def pushed(self) -> list[dict[str, Any]]:
        """Return all that has come to the chat by itself, and write down what is new."""
        headers = {"Authorization": f"Bearer {self._token}"}
        response = self.stack.http.get("/api/chat/messages", headers=headers)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        for message in messages:
            if message["id"] not in self._pushed:
                self._pushed.add(message["id"])
                self._note_answer([message])
        return messages

    def head(self, words: str) -> None:
        """Put a heading into the transcript: where the story stands."""
        self._lines.append(f"## {words}")

    def case(self) -> Case | None:
        """Return the open case with its evidence, events and escalations, read afresh."""
        with self.stack.reading() as session:
            case = session.scalar(
                select(Case)
                .join(Contact, Case.contact_id == Contact.id)
                .where(Contact.address == self.address, Case.status == "open")
            )
            if case is not None:
                _read_all_of(case)
            return case

    def keep_transcript(self, name: str, title: str, *, compare: bool = True) -> None:
        """Compare the transcript with the one in the docs, or write that one anew.

        Args:
            name: Stem of the file.
            title: Its heading.
            compare: Whether the same story always gives the same words.
        """
        path = FOLDER / f"{name}.md"
        who = f"customer {self.customer}" if self.customer else "a visitor"
        intro = f"As it really went, with {who}; made by the functional tests, not by hand."
        written = "\n\n".join([f"# {title}", intro, *self._lines]) + "\n"
        if os.environ.get(WRITE) == "1":
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(written, encoding="utf-8")
        if not compare:
            return
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        shown = path.relative_to(PROJECT_ROOT)
        assert written == kept, f"{shown} is out of date. Read what changed with {WRITE}=1."

    def _note_answer(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            text = re.sub(r"SV-[2-9A-Z]{6}", "SV-XXXXXX", message["text"])
            text = _CLOCK.sub("20:04", _DAY.sub("2026-11-20", text))
            self._lines.append("**Second Voice:** " + text.replace("\n", "  \n"))
            if message["card"]:
                self._lines.append("> " + " · ".join(_card_line(message["card"])))
            if message["buttons"]:
                titles = " ".join(f"`{button['title']}`" for button in message["buttons"])
                self._lines.append(f"Buttons: {titles}")


def _card_line(card: dict[str, str]) -> list[str]:
    shown = ("name", "title", "branch", "mobile", "backup", "hours")
    return [card[key] for key in shown if card[key]]


def _read_all_of(case: Case) -> None:
    """Read what belongs to a case while the session is open."""
    _ = (case.contact.language, case.customer, case.evidence, case.events, case.follow_ups)
    for escalation in case.escalations:
        _ = (escalation.account_manager, escalation.acknowledged_by, escalation.messages)
    for payment in case.payments:
        _ = payment.payee_account
