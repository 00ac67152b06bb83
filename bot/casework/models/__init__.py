"""The tables: the bank's people, the customers, their cases and what is owed to whom."""

from bot.casework.models.cases import Case, CaseEvent, Evidence, FollowUp
from bot.casework.models.customers import CardLink, Contact, Customer, Education, Visit
from bot.casework.models.erasures import Erasure
from bot.casework.models.escalations import Escalation, EscalationStep
from bot.casework.models.identity import WORD_ENDS, IdentityWord
from bot.casework.models.messengers import MessengerChat, ReceivedMessage
from bot.casework.models.outbox import OutboxMessage, PushedMessage
from bot.casework.models.payment_requests import PaymentRequest
from bot.casework.models.payments import PayeeAccount, PayeeAccountView, Payment
from bot.casework.models.people import AccountManager, Branch
from bot.casework.models.words import (
    FOLLOW_UP_KINDS,
    FOLLOW_UP_STATUSES,
    KINDS,
    PAYMENT_OUTCOMES,
    ROLES,
)

__all__ = [
    "FOLLOW_UP_KINDS",
    "FOLLOW_UP_STATUSES",
    "KINDS",
    "PAYMENT_OUTCOMES",
    "ROLES",
    "WORD_ENDS",
    "AccountManager",
    "Branch",
    "CardLink",
    "Case",
    "CaseEvent",
    "Contact",
    "Customer",
    "Education",
    "Erasure",
    "Escalation",
    "EscalationStep",
    "Evidence",
    "FollowUp",
    "IdentityWord",
    "MessengerChat",
    "OutboxMessage",
    "PayeeAccount",
    "PayeeAccountView",
    "Payment",
    "PaymentRequest",
    "PushedMessage",
    "ReceivedMessage",
    "Visit",
]
