"""Short public ids of cases, made to be read out over the telephone."""

from __future__ import annotations

import secrets

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.casework.models import Case

# Without 0, 1, I, L and O, which are confused when heard or read.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


def new_reference(session: Session) -> str:
    """Return a case reference that no case has yet, such as ``SV-7F3K2Q``."""
    while True:
        reference = "SV-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not session.scalar(select(exists().where(Case.reference == reference))):
            return reference
