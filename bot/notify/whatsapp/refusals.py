"""What Meta's refusals mean for us: try again, never, or somebody has to repair something.

By the numbers of Meta's list of error codes, read in November 2026; its texts are not relied on
and not repeated: they may quote what was sent.
"""

from __future__ import annotations

from typing import Any

from bot.errors import DeliveryError, UndeliverableError

_PAIR = 131056
_PAIR_SECONDS = 6.0
"""One message in six seconds to the same person is always taken."""

_SLOWER = frozenset([4, 80007, 130429, 131048, _PAIR])
_LATER = frozenset([1, 2, 131000, 131016, 131057])
_NEVER = frozenset([131021, 131026, 131030, 131049, 131050, 130472, 130497])
_CLOSED = 131047

_REPAIR = {
    0: "WhatsApp refuses the token; correct SECONDVOICE_WHATSAPP_TOKEN.",
    190: "WhatsApp refuses the token; correct SECONDVOICE_WHATSAPP_TOKEN.",
    33: "WhatsApp does not know the number; correct SECONDVOICE_WHATSAPP_PHONE_NUMBER_ID.",
    368: "Meta has blocked the bank's WhatsApp account for a time; see the WhatsApp Manager.",
    131031: "Meta has locked the bank's WhatsApp account; see the WhatsApp Manager.",
    131042: "Meta cannot charge the bank's WhatsApp account; see its way of payment.",
    133010: "The bank's number is not registered with the Cloud API; register it.",
}


class ClosedWindowError(UndeliverableError):
    """The customer has not written for 24 hours, and only a template would reach him."""


class RefusedError(UndeliverableError):
    """WhatsApp does not take the message as it is."""


def refusal_of(status: int, body: Any, *, retry_after: float | None = None) -> DeliveryError:
    """Return the error that a refusal is.

    Args:
        status: The HTTP status.
        body: The decoded answer, or anything else.
        retry_after: Seconds that the answer asked us to wait.
    """
    code = code_of(body)
    if code in _REPAIR or status == 401:
        return DeliveryError(_REPAIR.get(code, _REPAIR[190]))
    if code in (3, 10, 131005) or 200 <= code <= 299:
        return DeliveryError(
            'WhatsApp\'s token may not send for this number; see docs/whatsapp.md, "A number".'
        )
    if code in _SLOWER or status == 429:
        wait = _PAIR_SECONDS if code == _PAIR and retry_after is None else retry_after
        return DeliveryError(f"WhatsApp asks us to slow down ({code}).", retry_after=wait)
    if code in _LATER or status >= 500:
        return DeliveryError(f"WhatsApp did not take it ({status}, {code}).")
    if 132000 <= code <= 132999:
        return DeliveryError(
            f"WhatsApp refuses the template ({code}); compare SECONDVOICE_WHATSAPP_TEMPLATE with "
            "the WhatsApp Manager."
        )
    return lost_for(code) or RefusedError(f"WhatsApp refuses the message as it is ({code}).")


def closed_window() -> ClosedWindowError:
    """Return the error of a message to somebody who has not written for 24 hours."""
    return ClosedWindowError(
        "The customer has not written by WhatsApp for 24 hours; it then takes nothing but a "
        "template. Name one in SECONDVOICE_WHATSAPP_TEMPLATE, or ring the customer."
    )


def lost_for(code: int) -> UndeliverableError | None:
    """Return why a message never arrives; None where the code does not say so."""
    if code == _CLOSED:
        return closed_window()
    if code in _NEVER:
        return UndeliverableError(f"WhatsApp does not reach the customer ({code}); ring him.")
    return None


def code_of(body: Any) -> int:
    """Return the number of an error, -1 where there is none."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else -1
