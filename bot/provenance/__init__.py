"""What can honestly be known of a link, a telephone number or an account: by its looks alone.

Pure functions over text and the bank's own file. Nothing is ever opened, rung up or looked up.
"""

from bot.provenance.judging import Finding, look
from bot.provenance.spotting import Mention, spot

__all__ = ["Finding", "Mention", "look", "spot"]
