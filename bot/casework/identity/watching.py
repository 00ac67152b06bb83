"""May the caller be reading along? Then no word may stand in the chat."""

from __future__ import annotations

from bot.casework.evidence import active_evidence
from bot.casework.models import Case, CaseEvent

#: What lets a caller see the customer's screen, or an app of his read it.
_RED_FLAGS = frozenset(["remote_control", "screen_share", "install_app", "gave_secret"])
#: What the customer was counselled about when he told of it himself.
_TOPICS = frozenset(["shares_screen", "gave_secret"])


def caller_may_watch(case: Case) -> bool:
    """Tell whether somebody else may see what the customer sees.

    Who gave away a password counts too: with it the caller may have opened the bank's own pages,
    and the chat with them. In doubt it is so, and it stays so for the whole case: all that is lost
    is a word, and a telephone call is safer.

    Args:
        case: The case, with what the latest message showed merged already.
    """
    return (
        case.exposure == "disclosed"
        or any(row.red_flag in _RED_FLAGS for row in active_evidence(case))
        or any(_tells(event) for event in case.events)
    )


def _tells(event: CaseEvent) -> bool:
    if event.kind == "said":
        return event.detail.get("topic") in _TOPICS
    return event.kind == "assessed" and "disclosed" in event.detail.get("exposure", ())
