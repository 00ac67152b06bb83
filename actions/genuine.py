"""The customer asks whether a link, a number or an account is real."""

from __future__ import annotations

from actions.base import CaseAction


class AskIfGenuine(CaseAction):
    """The customer asks whether a link, a number or an account is the bank's."""

    topic = "ask_if_genuine"
