"""Escalations: people are asked to help, one after another, until somebody has read it."""

from bot.casework.escalations.acknowledging import acknowledge, resolve
from bot.casework.escalations.asking import escalate
from bot.casework.escalations.messages import LIFE_IN_DANGER
from bot.casework.escalations.representatives import (
    REPRESENTATIVES,
    RepresentativeAsked,
    tell_representative,
)
from bot.casework.escalations.truth import EscalationStatus, Named, Truth, status_for, truth_for
from bot.casework.escalations.unread import ask_next_due

__all__ = [
    "LIFE_IN_DANGER",
    "REPRESENTATIVES",
    "EscalationStatus",
    "Named",
    "RepresentativeAsked",
    "Truth",
    "acknowledge",
    "ask_next_due",
    "escalate",
    "resolve",
    "status_for",
    "tell_representative",
    "truth_for",
]
