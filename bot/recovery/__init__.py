"""What to do when money has left: payment rails as dated data, and the rail clock.

    packs = load_rail_packs()
    view = rail_clock(Payment(jurisdiction="cn", amount=Decimal(1_700_000)), packs, now=now)
    staff_lines(view, "zh"), customer_lines(view, "zh"), as_json(view)

Everything may be unknown but the jurisdiction. Moments in a view are in UTC, so that they may be
subtracted; ``view.pack.zone`` is the zone to write them in. ``view.rung`` is the way back to try
first and ``view.deadline`` until when it surely works; staff alone may read that.
"""

from bot.recovery.clock import Candidate, ClockView, off_rails, rail_clock
from bot.recovery.ladder import NO_LONGER, UNKNOWN, WORKS_NOW, Rung
from bot.recovery.packs import RailPack, RailPacks, load_rail_packs
from bot.recovery.payment import ARRIVALS, CHANNELS, OFF_RAILS, Payment
from bot.recovery.rendering import as_json, customer_lines, staff_lines

__all__ = [
    "ARRIVALS",
    "CHANNELS",
    "NO_LONGER",
    "OFF_RAILS",
    "UNKNOWN",
    "WORKS_NOW",
    "Candidate",
    "ClockView",
    "Payment",
    "RailPack",
    "RailPacks",
    "Rung",
    "as_json",
    "customer_lines",
    "load_rail_packs",
    "off_rails",
    "rail_clock",
    "staff_lines",
]
