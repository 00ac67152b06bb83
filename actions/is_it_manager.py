"""Is it really my manager?"""

from __future__ import annotations

from actions.base import CaseAction
from actions.word_topics import ASKS


class AskIsItManager(CaseAction):
    """The customer asks whether somebody who contacts him is really his account manager."""

    topic = ASKS
