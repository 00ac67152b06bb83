"""Makes the table in docs/privacy.md: ``python -m tests.architecture.privacy_page``.

Every column has to be said here to be about a person or not, so that a new one is thought about.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.casework import models
from bot.casework.base import Base
from bot.settings import PROJECT_ROOT

__all__ = ["models"]  # Imported for its tables, which register themselves with the metadata.

PAGE = PROJECT_ROOT / "docs" / "privacy.md"
START = "<!-- columns: made by tests/architecture/privacy_page.py; a test compares -->\n"
END = "<!-- end of columns -->"

_CASE = "with its case"
_CUSTOMER = "until the customer is erased"
_BANK = "as long as the bank imports it"


class About(NamedTuple):
    """What is to be said of a table.

    Args:
        what: What it holds.
        kept: How long.
        personal: Its columns that are about a person.
        other: All its other columns.
    """

    what: str
    kept: str
    personal: str
    other: str


ABOUT = {
    "account_managers": About(
        "people and desks of the bank",
        _BANK,
        "name names titles mobile backup hours working_pattern language notify",
        "id code role branch_id backup_manager_id replaced_by_id active",
    ),
    "branches": About(
        "branches",
        _BANK,
        "",
        "id code names address duty_desk_phone duty_desk_hours timezone",
    ),
    "customers": About(
        "customers, as the bank imports them",
        _CUSTOMER,
        "code name names kind company companies average_daily_balance language timezone "
        "legal_representative legal_representative_phone legal_representative_notify "
        "second_signer second_signer_phone second_signer_notify notify",
        "id account_manager_id branch_id",
    ),
    "contacts": About(
        "addresses that customers and visitors write from",
        "web chats without a case for SECONDVOICE_KEEP_PUSHED_DAYS; others " + _CUSTOMER,
        "address language blocked",
        "id customer_id card_link_id created",
    ),
    "card_links": About(
        "links of contact cards", _CUSTOMER, "token", "id customer_id created expires revoked"
    ),
    "visits": About(
        "visits to customers", _CUSTOMER, "day note", "id customer_id account_manager_id created"
    ),
    "education": About(
        "what customers have been told of scams",
        _CUSTOMER,
        "topic day how consented",
        "id customer_id account_manager_id created",
    ),
    "cases": About(
        "cases",
        "open: until closed; closed: SECONDVOICE_KEEP_CASE_DAYS",
        "level exposure score scripts leading_script stage outcome follow_ups_stopped",
        "id reference contact_id customer_id status turn_count evidence_count escalation_count "
        "opened updated",
    ),
    "evidence": About(
        "red flags in the customer's masked words",
        _CASE,
        "red_flag quote",
        "id case_id at retracted",
    ),
    "case_events": About(
        "the timeline: kinds, ids and counts, no words", _CASE, "detail", "id case_id kind at"
    ),
    "follow_ups": About(
        "promised later contacts",
        _CASE,
        "exposure asked answered answer",
        "id case_id round danger kind status due silent_from",
    ),
    "escalations": About(
        "who was asked for help",
        _CASE,
        "reason exposure",
        "id case_id status account_manager_id rule next_ask created acknowledged_at "
        "acknowledged_by_id",
    ),
    "escalation_steps": About(
        "the order in which people were asked",
        _CASE,
        "",
        "id escalation_id position link account_manager_id asked deadline",
    ),
    "identity_words": About(
        "when a customer asked whether it is really his manager; the two words, encrypted",
        "the words: for minutes; the row " + _CASE,
        "ciphertext",
        "id case_id language created expires ended why_ended",
    ),
    "payments": About(
        "payments to a scammer, in the customer's masked words",
        _CASE,
        "amount currency currency_assumed submitted precise_to channel arrival account_kind "
        "paying_bank payee_name payee_bank payee_account_ending caller_there words "
        "outcome amount_stopped",
        "id case_id unknown packet_version created updated closed",
    ),
    "payment_requests": About(
        "payment requests that an accountant had looked at, in his masked words",
        _CASE,
        "asker amount currency payee_name payee_bank payee_account_ending signs absent",
        "id case_id asked created updated judged",
    ),
    "payee_accounts": About(
        "the vault: payees' numbers, encrypted",
        "SECONDVOICE_VAULT_DAYS after the payment's end; the row " + _CASE,
        "ciphertext",
        "id payment_id created deleted",
    ),
    "payee_account_views": About(
        "who has seen a number of the vault", _CASE, "by why", "id payee_account_id at"
    ),
    "outbox_messages": About(
        "messages owed and sent",
        "words: SECONDVOICE_KEEP_OUTBOX_DAYS; the row " + _CASE,
        "method recipient subject body",
        "id dedupe_key receiver status attempts due claimed_until claimed_by last_error created "
        "sent_at escalation_id case_id",
    ),
    "pushed_messages": About(
        "messages that came to a chat",
        "SECONDVOICE_KEEP_PUSHED_DAYS",
        "body",
        "id contact_id dedupe_key at",
    ),
    "received_messages": About(
        "what a messenger has brought, masked",
        "words: until answered; the row SECONDVOICE_KEEP_RECEIVED_DAYS",
        "address body answer",
        "id channel key sent attempts due claimed_until received done",
    ),
    "messenger_chats": About(
        "where the talk stands in a chat",
        _CUSTOMER,
        "",
        "contact_id heard_through heard_by keyboard",
    ),
    "erasures": About(
        "that something was erased, and counts",
        "for ever",
        "customer_code",
        "id kind reason counts at",
    ),
}


def table() -> str:
    """Return the table of all columns.

    Raises:
        KeyError: A table of the models is not in ``ABOUT``.
    """
    rows = ["| table | holds | kept | columns |", "| --- | --- | --- | --- |"]
    for name, found in sorted(Base.metadata.tables.items()):
        about = ABOUT[name]
        personal = about.personal.split()
        shown = [f"**{c.name}**" if c.name in personal else c.name for c in found.columns]
        rows.append(f"| `{name}` | {about.what} | {about.kept} | {', '.join(shown)} |")
    return "\n".join(rows) + "\n"


def unsaid() -> list[str]:
    """Return the columns of which nothing is said here, and those said here that do not exist."""
    said = {
        f"{name}.{column}"
        for name, about in ABOUT.items()
        for column in f"{about.personal} {about.other}".split()
    }
    real = {f"{name}.{c.name}" for name, t in Base.metadata.tables.items() for c in t.columns}
    return sorted(said ^ real)


def page() -> str:
    """Return the page with its table written anew."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    return before + START + "\n" + table() + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
