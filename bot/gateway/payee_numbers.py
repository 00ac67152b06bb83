"""Keeps the payee's account number that a customer wrote, where a payment calls for it.

The gateway masks every number before anything else sees it, so here is the only place that can
hand one on. It goes to the vault where the case has a running payment to an account that ends like
it, and nowhere else; whatever does not fit is forgotten.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from bot.bank import Bank
from bot.casework.cases import find_open_case
from bot.casework.locks import lock_row
from bot.casework.models import Payment
from bot.casework.packets import owe_packet, rail_packs
from bot.casework.payee_accounts import Vault
from bot.gateway.channels import Conversing
from bot.gateway.masking.folding import fold
from bot.gateway.privacy import mask
from bot.script_titles import script_titles

logger = logging.getLogger("secondvoice.gateway")

ENDING = 4
FEWEST_DIGITS = 8
WAITS = (2.0, 5.0, 15.0)
"""Seconds before each further look where the case may be recorded later; then it is forgotten."""
LAST_SECONDS = 2.0

_KINDS = ("account", "card")


class PayeeNumbers:
    """Offers numbers to the vault, after the answer is on its way and never in its way.

    Args:
        sessions: Opens a database session.
        vault: Keeps the numbers; made at first use.
        bank: Has the desk that gets the packet.
        now: The clock, aware UTC.
        waits: Seconds before each further look where the case may be recorded late.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        vault: Callable[[], Vault],
        bank: Bank,
        *,
        now: Callable[[], datetime],
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._bank = bank
        self._now = now
        self._waits = tuple(waits)
        self._under_way: set[asyncio.Task[None]] = set()

    def offer(self, text: str, *, conversation: Conversing, late: bool = False) -> None:
        """Look in the background whether a number of a message is to be kept.

        Args:
            text: What the customer wrote, not masked.
            conversation: Whose message it was.
            late: Whether the case may be recorded later than this; then it is looked for again.
        """
        if sum(sign.isdigit() for sign in text) < FEWEST_DIGITS:
            return
        task = asyncio.create_task(self._offer(text, conversation, late=late))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Let what is at work end; what only waits for a further look is given up."""
        if self._under_way:
            _, waiting = await asyncio.wait(self._under_way, timeout=LAST_SECONDS)
            for task in waiting:
                task.cancel()

    async def _offer(self, text: str, conversation: Conversing, *, late: bool) -> None:
        try:
            numbers = await asyncio.to_thread(numbers_in, text)
            kept = await self._kept(conversation.address, numbers)
            for wait in self._waits if late and numbers else ():
                if kept:
                    break
                await asyncio.sleep(wait)
                kept = await self._kept(conversation.address, numbers)
        except Exception as error:
            # Only the kind of error: its text may quote what was to be stored.
            logger.error(
                "account number not kept conversation=%s: %s",
                conversation.id[:8],
                type(error).__name__,
            )
            return
        if kept:
            logger.info("account number kept conversation=%s", conversation.id[:8])

    async def _kept(self, address: str, numbers: Sequence[str]) -> bool:
        return bool(numbers) and await asyncio.to_thread(self.keep, address, numbers)

    def keep(self, address: str, numbers: Sequence[str]) -> bool:
        """Keep the number that a running payment's account ends like; blocking.

        Args:
            address: The contact's address.
            numbers: As `numbers_in` returns them.

        Returns:
            Whether one was kept that was not known.
        """
        now, packs = self._now(), rail_packs()
        with self._sessions.begin() as session:
            case = find_open_case(session, address)
            if case is None:
                return False
            lock_row(session, case)
            kept = False
            for payment in reversed(case.payments):
                number = _fitting(payment, numbers)
                if number and self._vault().keep(session, payment, number, now=now):
                    owe_packet(
                        session,
                        payment,
                        now=now,
                        bank=self._bank,
                        packs=packs,
                        titles=script_titles,
                    )
                    kept = True
                if number:
                    break
            return kept


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the account and card numbers of a message, in plain digits and capitals, latest first.

    Args:
        text: What the customer wrote, not masked.
    """
    parts = (fold(text[one.start : one.end]) for one in mask(text).found if one.kind in _KINDS)
    numbers = [re.sub(r"[^0-9a-z]", "", part).upper() for part in parts]
    return tuple(dict.fromkeys(reversed(numbers)))


def _fitting(payment: Payment, numbers: Sequence[str]) -> str | None:
    ending = (payment.payee_account_ending or "").upper()
    if payment.closed is not None or len(ending) != ENDING:
        return None
    return next((number for number in numbers if number[-ENDING:] == ending), None)
