"""What a customer tells once and is never asked again: what they got, and whom it concerns.

It lives in the case's timeline as codes, never as words, so that it outlasts the talk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from actions.turn import Turn
from actions.words import says
from bot.casework.events import add_event
from bot.casework.models import Case

#: What a caller can have got, in the order in which it is locked.
SECRETS = ("control", "code", "password", "card", "identity")

#: Whom somebody else may report for; words of a company stand behind those of a family.
PERSONS = (
    *("mother", "father", "grandparent", "partner", "child", "relative", "colleague", "friend"),
)

_KIND = "noted"
_BUTTONS = {
    "gave": "code",
    "got_code": "code",
    "got_password": "password",
    "got_card": "card",
    "got_identity": "identity",
    "got_control": "control",
}
#: Red flags that show a secret by themselves.
_FLAGS = {"tech_in_my_computer": "control"}
_COACHED = frozenset(["coached_answers", "advance_false_booking", "safe_split_lie"])
#: Topics in which the customer was calm; who is pressed again afterwards has fallen back.
_CALM = frozenset(["is_fine", "nothing_lost", "hung_up", "all_right", "thank"])
_TAKES_BACK = {"nothing_lost": "secrets", "correct": "all"}


@dataclass(frozen=True)
class Noted:
    """What is known of the customer's situation beside the evidence.

    Args:
        lost: What the caller got, of ``SECRETS``, in the order in which it is locked.
        whom: For whom the customer reports, of ``PERSONS``; empty for himself.
        young: Whether the customer is a child.
        calm: Whether he was calm once since the case was opened.
        coached: Whether this message tells what he is to say to the bank.
    """

    lost: tuple[str, ...] = ()
    whom: str = ""
    young: bool = False
    calm: bool = False
    coached: bool = False


def noted_in(turn: Turn, topic: str) -> Noted:
    """Return what one message tells.

    Args:
        turn: The message.
        topic: What it is about.
    """
    return Noted(
        lost=secrets_in(turn, topic),
        whom=whom_in(turn),
        young=not turn.button and bool(says("young").search(turn.text)),
        coached=bool(_COACHED & turn.flags or says("coached").search(turn.text)),
    )


def note(session: Session, case: Case, found: Noted, *, topic: str, now: datetime) -> Noted:
    """Record what a message tells, each thing once, and return all that is known by now.

    Args:
        session: The open session; the caller commits.
        case: The case.
        found: What the message tells.
        topic: What it is about; who takes something back takes back what was noted of it.
        now: The moment, aware.
    """
    if topic in _TAKES_BACK:
        add_event(session, case, kind=_KIND, now=now, what="taken_back", value=_TAKES_BACK[topic])
        session.expire(case, ["events"])
    known = _known(case)
    things = [("secret", secret) for secret in found.lost]
    things += [("whom", found.whom)] * bool(found.whom) + [("young", "yes")] * found.young
    things += [("calm", "yes")] * (topic in _CALM)
    new = [thing for thing in things if thing not in known]
    for what, value in new:
        add_event(session, case, kind=_KIND, now=now, what=what, value=value)
    if new:
        session.expire(case, ["events"])
    lost = {value for what, value in [*known, *new] if what == "secret"}
    persons = [value for what, value in [*known, *new] if what == "whom"]
    return Noted(
        lost=tuple(secret for secret in SECRETS if secret in lost),
        whom=persons[-1] if persons else "",
        young=found.young or ("young", "yes") in known,
        calm=("calm", "yes") in known,
        coached=found.coached,
    )


def secrets_in(turn: Turn, topic: str) -> tuple[str, ...]:
    """Return what the caller got by this message, in the order in which it is locked."""
    if turn.button:
        return (_BUTTONS[turn.button],) if turn.button in _BUTTONS else ()
    speaks_of_it = topic in ("gave_secret", "shares_screen") or "gave_secret" in turn.flags
    if not speaks_of_it:
        return ()
    text = says("lost_denied").sub(" ", turn.text)
    found = {secret for secret in SECRETS if says(f"lost_{secret}").search(text)}
    found |= {secret for flag, secret in _FLAGS.items() if flag in turn.flags}
    if topic not in ("gave_secret", "shares_screen"):
        found.discard("identity")  # In a long story an ID card is mostly shown, not given.
    return tuple(secret for secret in SECRETS if secret in found)


def whom_in(turn: Turn) -> str:
    """Return for whom the customer reports; empty where he speaks of himself."""
    if turn.button:
        return ""
    told = says("other_person").search(turn.text)
    if told is None:
        return ""
    return next((one for one in PERSONS if says(f"person_{one}").search(told.group())), "relative")


def _known(case: Case) -> list[tuple[str, str]]:
    known: list[tuple[str, str]] = []
    for event in case.events:
        if event.kind != _KIND:
            continue
        what, value = str(event.detail["what"]), str(event.detail["value"])
        if what != "taken_back":
            known.append((what, value))
        elif value == "all":
            known.clear()
        else:
            known = [thing for thing in known if thing[0] != "secret"]
    return known
