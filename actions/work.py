"""What one turn needs while its transaction is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from actions.rules import Topic
from actions.services import Services
from actions.turn import Turn


@dataclass(frozen=True)
class Work:
    """One turn at work.

    Args:
        services: The parts of the action server.
        session: The open session; it is committed after the turn is recorded.
        turn: The message.
        rule: How its topic touches the case.
        now: The moment, aware.
    """

    services: Services
    session: Session
    turn: Turn
    rule: Topic
    now: datetime
