"""An escalation in the gateway's own database, and the links that its people get."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from bot.casework.database import make_engine, session_factory
from bot.casework.escalations import escalate
from bot.casework.models import Escalation
from bot.links import Links
from bot.settings import Settings
from tests.casework.builders import EVENING, open_case


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.time = EVENING

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **units: float) -> None:
        self.time += timedelta(**units)


@dataclass(frozen=True)
class Asked:
    """An escalation that waits to be read.

    Args:
        id: The escalation.
        reference: Its case's reference.
        sessions: Opens sessions on the gateway's database.
        links: Signs as the worker does.
    """

    id: int
    reference: str
    sessions: sessionmaker[Session]
    links: Links

    def path(self, person: str = "M-02", *, kind: str = "acknowledge") -> str:
        url = self.links.url(kind, escalation=self.id, person=person)
        return url.removeprefix("http://voice.example")

    def row(self) -> Escalation:
        with self.sessions() as session:
            return session.get_one(Escalation, self.id)


@contextmanager
def asked(settings: Settings, clock: Clock, *, exposure: str = "engaged") -> Iterator[Asked]:
    """Ask a customer's manager for help."""
    engine = make_engine(settings.effective_database_url)
    sessions = session_factory(engine)
    with sessions.begin() as session:
        case = open_case(session, customer="C-2001", exposure=exposure)
        case.contact.language = "en"
        number = escalate(session, case, reason="engaged", now=clock()).id
        reference = case.reference
    key = settings.key("secret_key")
    links = Links(key=key, base_url="http://voice.example", now=clock)
    yield Asked(number, reference, sessions, links)
    engine.dispose()
