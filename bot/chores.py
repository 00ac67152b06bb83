"""What the worker does every round besides delivering, wired in one place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot.bank import Bank
from bot.casework.digest_messages import owe_digests
from bot.casework.escalations import ask_next_due
from bot.casework.follow_up_chores import ask_due, notice_silence
from bot.casework.identity import end_expired
from bot.casework.payee_accounts import delete_old_accounts
from bot.casework.policy import load_policy
from bot.casework.retention import Kept, Retention
from bot.counsel.follow_ups import FollowUpPhrases
from bot.counsel.truths import say_truth
from bot.script_titles import script_titles
from bot.settings import Settings

#: Does what is due at a moment in an open session, which the caller commits; returns how many
#: rows it moved.
Chore = Callable[[Session, datetime], int]


def chores(settings: Settings, bank: Bank) -> tuple[Chore, ...]:
    """Return the chores of this bank in the order in which a round does them.

    Args:
        settings: The settings of the worker.
        bank: Names and numbers that may be said.
    """
    policy = load_policy(settings.escalation_file)
    return (
        partial(notice_silence, policy=policy, titles=script_titles),
        partial(ask_due, words=FollowUpPhrases(bank)),
        partial(ask_next_due, policy=policy, words=say_truth, titles=script_titles),
        partial(owe_digests, policy=policy),
        end_expired,
        partial(delete_old_accounts, days=settings.vault_days),
        Retention(
            Kept(
                pushed=settings.keep_pushed_days,
                received=settings.keep_received_days,
                outbox=settings.keep_outbox_days,
                cases=settings.keep_case_days,
            )
        ),
    )
