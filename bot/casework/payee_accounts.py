"""The vault of payees' account numbers: encrypted, apart from the talk, with a log of who looked.

The desk that stops a payment needs the whole number, and nobody else does. It is therefore kept
here alone, under a key that the database does not hold, and deleted some time after the payment
has ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import PayeeAccount, PayeeAccountView, Payment
from bot.errors import ConfigurationError, NotFoundError


class Vault:
    """Keeps and shows account numbers.

    Args:
        key: URL-safe base64 of 32 random bytes, with or without its padding.

    Raises:
        ConfigurationError: The key is not of that form.
    """

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key + "=" * (-len(key) % 4))
        except ValueError as error:
            raise ConfigurationError(
                "The vault's key is not 32 bytes in URL-safe base64; "
                "set SECONDVOICE_VAULT_KEY or delete the key file to get a new one."
            ) from error

    def keep(self, session: Session, payment: Payment, number: str, *, now: datetime) -> bool:
        """Keep the account number of a payment's payee; a newer one replaces it.

        Args:
            session: The open session; the caller commits.
            payment: The payment.
            number: The number as the customer wrote it; spaces and hyphens are dropped.
            now: The moment, aware.

        Returns:
            Whether the number is a new one.
        """
        number = "".join(sign for sign in number if sign.isalnum()).upper()
        lock_row(session, payment)
        row = self._row(session, payment)
        if row is None:
            row = PayeeAccount(payment_id=payment.id, created=now)
            session.add(row)
        elif row.ciphertext and self._open(row.ciphertext) == number:
            return False
        row.ciphertext = self._fernet.encrypt(number.encode()).decode()
        row.deleted = None
        payment.payee_account_ending = number[-4:]
        payment.updated = max(payment.updated, now)
        add_event(session, payment.case, kind="payee_account_kept", now=now, payment=payment.id)
        session.flush()
        return True

    def show(
        self, session: Session, payment: Payment, *, by: str, why: str, now: datetime
    ) -> str | None:
        """Return the account number and write down who saw it; None where there is none.

        Args:
            session: The open session; the caller commits, and shows nothing before.
            payment: The payment.
            by: Who sees it: a person's code or the name of a desk.
            why: What for, a few words.
            now: The moment, aware.
        """
        row = self._row(session, payment)
        if row is None or row.ciphertext is None:
            return None
        number = self._open(row.ciphertext)
        session.add(PayeeAccountView(payee_account_id=row.id, by=by, why=why, at=now))
        session.flush()
        return number

    def _row(self, session: Session, payment: Payment) -> PayeeAccount | None:
        return session.scalar(select(PayeeAccount).where(PayeeAccount.payment_id == payment.id))

    def _open(self, ciphertext: str) -> str:
        try:
            return self._fernet.decrypt(ciphertext).decode()
        except InvalidToken as error:
            raise NotFoundError(
                "An account number was kept under another key; restore that key to read it."
            ) from error


def delete_old_accounts(session: Session, now: datetime, *, days: float) -> int:
    """Delete the numbers of payments that ended some time ago; the log of views stays.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.
        days: How long after the end of a payment, or of its case, a number is kept.

    Returns:
        How many were deleted.
    """
    limit = now - timedelta(days=days)
    rows = session.scalars(
        select(PayeeAccount)
        .join(Payment, PayeeAccount.payment_id == Payment.id)
        .where(PayeeAccount.ciphertext.is_not(None), Payment.closed <= limit)
        .with_for_update(of=PayeeAccount, skip_locked=True)
    ).all()
    for row in rows:
        row.ciphertext, row.deleted = None, now
        case = row.payment.case
        add_event(session, case, kind="payee_account_deleted", now=now, payment=row.payment_id)
    return len(rows)
