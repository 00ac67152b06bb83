"""What interrupts anything: danger to the money or to the customer himself."""

from __future__ import annotations

from actions.base import CaseAction


class OnThePhone(CaseAction):
    """The caller is on the line."""

    topic = "on_the_phone"


class AboutToPay(CaseAction):
    """The customer is going to pay, or argues for paying."""

    topic = "about_to_pay"


class GaveSecret(CaseAction):
    """The customer gave away a code, a password or control of a device."""

    topic = "gave_secret"


class SharesScreen(CaseAction):
    """The caller sees the screen, or moves it."""

    topic = "shares_screen"


class ToldToKeepQuiet(CaseAction):
    """The customer is told to keep it secret, or what to say to the bank."""

    topic = "told_to_keep_quiet"


class HasPaid(CaseAction):
    """Money has left."""

    topic = "has_paid"


class CalledAgain(CaseAction):
    """The caller is back."""

    topic = "called_again"


class AskPerson(CaseAction):
    """The customer wants a human."""

    topic = "ask_person"


class MayHurtSelf(CaseAction):
    """Hopeless or suicidal words."""

    topic = "may_hurt_self"
