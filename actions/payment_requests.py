"""The talk about a payment request: what a message shows of it, and what is recorded."""

from __future__ import annotations

from actions.care import PRIVATE_SCRIPTS
from actions.turn import Turn
from actions.words import says
from actions.work import Work
from bot.casework.findings import Finding
from bot.casework.models import Case, PaymentRequest
from bot.casework.payment_requests import (
    RequestDetails,
    answer_request,
    begin_request,
    judge_request,
    latest_request,
    note_request,
    open_request,
    question_of,
)
from bot.counsel.replies import RequestTalk
from bot.payment_requests import QUESTIONS, Read, answer_in, asker_in, signs_in
from bot.recovery import spoken

#: Topics that are about the request itself.
_ABOUT = frozenset(["ask_check_payment", "payment_request_told"])
#: Behind these the request is history: the money has left, or the story was taken back.
_ENDS = frozenset(["has_paid", "payment_told", "correct"])
#: Messages whose words count for a request that is being looked at.
_TELLS = frozenset([*_ABOUT, "tell_of_call", "boss_waits", "about_to_pay", "doubts_us"])
#: Scripts and red flags that are about a company's money whoever the customer is.
_COMPANY_SCRIPTS = frozenset(
    ["boss_impersonation", "supplier_account_change", "company_advance_payment"]
)
_COMPANY_FLAGS = ("advance_", "boss_", "supplier_")
_ONE_COMPANY_FLAG = frozenset(["skip_procedure"])


def attend_request(work: Work, case: Case, finding: Finding, topic: str) -> RequestTalk | None:
    """Record what the message tells of a payment request, and return where its check stands.

    Args:
        work: The turn and the open transaction.
        case: The case, locked.
        finding: What the recogniser found in the message.
        topic: What the message is about.

    Returns:
        None where nothing is being looked at.
    """
    session, now = work.session, work.now
    request = open_request(case)
    if request is None and topic == "ask_check_payment":
        request = begin_request(session, case, now=now)
        session.refresh(case, ["payment_requests"])
    if request is None:
        return _judged_already(work, case) if topic in _ABOUT else None
    if topic in _ENDS:
        judge_request(session, request, now=now)
        return None
    not_read = topic == "payment_request_told" and not _answer(work, request)
    if topic in _TELLS and not work.turn.button:
        _note(work, request, finding)
    question = question_of(request)
    if topic in _ABOUT and question is None:
        judge_request(session, request, now=now)
    return _talk(work, case, request, question, not_read=not_read)


def about_company(case: Case) -> bool:
    """Whether a company's money is in danger: by whose customer he is, or by what is told.

    Args:
        case: The case, with what the message showed merged already.
    """
    if case.customer is not None and case.customer.kind == "corporate":
        return case.leading_script not in PRIVATE_SCRIPTS
    flags = [row.red_flag for row in case.evidence if not row.retracted]
    told = case.leading_script in _COMPANY_SCRIPTS and any(
        flag.startswith(_COMPANY_FLAGS) for flag in flags
    )
    return told or bool(_ONE_COMPANY_FLAG & set(flags)) or bool(case.payment_requests)


def _talk(
    work: Work, case: Case, request: PaymentRequest, question: str | None, *, not_read: bool
) -> RequestTalk:
    links = work.services.links
    note = links.url("note", case=case.id, request=request.id) if links else ""
    return RequestTalk(
        question=question,
        signs=[(one["sign"], one["quote"]) for one in request.signs],
        note=note,
        not_read=not_read,
    )


def _judged_already(work: Work, case: Case) -> RequestTalk | None:
    """Return the result again: a late answer to a question that is settled changes nothing."""
    request = latest_request(case)
    return _talk(work, case, request, None, not_read=False) if request else None


def _answer(work: Work, request: PaymentRequest) -> bool:
    """Record the answer to what was asked; return whether there was one.

    What cannot be read is asked once more and then left.
    """
    turn = work.turn
    question = turn.asked.removeprefix("request_")
    if question not in QUESTIONS:
        return True
    answer = _said(turn)
    read = Read() if turn.button else signs_in(turn.text)
    settled = {*read.there, *read.absent} & set(QUESTIONS[question])
    unknown = turn.intent == "dont_know" or spoken.says_unknown(turn.text)
    if answer is None and not settled and not unknown and not turn.missed:
        return False
    # What the words themselves show of the sign counts for more than a yes or a no in them.
    given = None if settled or unknown else answer
    answer_request(work.session, request, question, given, now=work.now)
    return True


def _said(turn: Turn) -> bool | None:
    by_intent = {"affirm": True, "deny": False}
    if turn.button:
        return by_intent.get(turn.button)
    said = answer_in(turn.text)
    return said if said is not None else by_intent.get(turn.intent)


def _note(work: Work, request: PaymentRequest, finding: Finding) -> None:
    turn = work.turn
    asked = turn.asked.removeprefix("request_") if turn.asked.startswith("request_") else ""
    flags = [] if asked else finding.red_flags
    note_request(
        work.session, request, signs_in(turn.text, flags), _details(work, asked=asked), now=work.now
    )


def _details(work: Work, *, asked: str) -> RequestDetails:
    """Read amount and payee where they are told; an answer about something else tells none."""
    turn = work.turn
    if asked:
        return RequestDetails()
    amounts = spoken.amounts_in(turn.text, language=turn.language)
    payee = spoken.payee_in(turn.text, language=turn.language)
    amount = amounts[0] if len({one.value for one in amounts}) == 1 else None
    if amount is None and amounts:
        asked_for = says("asked_to_pay").search(turn.text)
        behind = [one for one in amounts if asked_for and one.start >= asked_for.start()]
        amount = behind[0] if behind else None
    return RequestDetails(
        asker=asker_in(turn.text),
        amount=amount.value if amount else None,
        currency=(amount.currency or work.services.bank.currency) if amount else None,
        payee_name=payee.name,
        payee_bank=payee.bank,
        payee_account_ending=payee.account_ending,
    )
