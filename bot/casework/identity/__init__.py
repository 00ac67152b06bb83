"""Is it really my manager? Two words that the customer and the bank see, and no caller can."""

from bot.casework.identity.asking import remind
from bot.casework.identity.denying import deny
from bot.casework.identity.drawing import hide_pairs, in_words
from bot.casework.identity.keeping import (
    LIFE,
    MOST_AN_HOUR,
    TooManyError,
    WordKeeper,
    end_expired,
    end_word,
    live_word,
)
from bot.casework.identity.seeing import Seen, seen_by
from bot.casework.identity.watching import caller_may_watch

__all__ = [
    "LIFE",
    "MOST_AN_HOUR",
    "Seen",
    "TooManyError",
    "WordKeeper",
    "caller_may_watch",
    "deny",
    "end_expired",
    "end_word",
    "hide_pairs",
    "in_words",
    "live_word",
    "remind",
    "seen_by",
]
