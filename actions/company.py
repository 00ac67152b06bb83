"""The accountant's turns: a payment request is to be checked."""

from __future__ import annotations

from actions.base import CaseAction


class CheckPayment(CaseAction):
    """The customer wants a payment request looked at before it is paid."""

    topic = "ask_check_payment"
