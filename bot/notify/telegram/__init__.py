"""How messages are sent by Telegram."""

import os

# The library's own switch: waits come as durations, not as numbers with a warning about the change.
os.environ.setdefault("PTB_TIMEDELTA", "1")
