"""The money of a company: a request is checked, the boss is waiting, an honest payment is none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.counsel.replies.parts import told_of
from bot.counsel.replies.situation import Reply, RequestTalk, Situation, Speech
from bot.recognition.language import is_cjk

_SIGNS_A_MESSAGE = 2
_SIGNS = 2 * _SIGNS_A_MESSAGE
_QUOTE_CHARACTERS, _QUOTE_CHARACTERS_CJK = 48, 20


def ask_check_payment(s: Situation) -> Reply:
    """Hold first; then what was seen so far and the next question, or the result."""
    request = s.request or RequestTalk()
    start = s.say("request_start")
    if request.question is None or _payment_goes_first(s):
        return _result(s, request, (start,))
    seen = _signs(s, request.signs) or (s.say("request_none_yet"),)
    return with_request_question(s, (start, *seen, *told_of(s)))


def payment_request_told(s: Situation) -> Reply:
    """Ask the next thing, or give the result."""
    request = s.request or RequestTalk()
    if request.question is None or _payment_goes_first(s):
        return _result(s, request, ())
    if request.not_read:
        asks = with_request_question(s, (s.say("request_not_read"),))
        return Reply(asks.speeches, asks.asked, missed=True)
    return with_request_question(s, told_of(s))


def boss_waits(s: Situation) -> Reply:
    """Give him words for the boss, so that nobody has to be refused."""
    speeches = [s.say("company_waiting"), s.say("company_witness"), *told_of(s)]
    if s.exposure == "paid" or _payment_goes_first(s):
        return Reply(tuple(speeches))
    return Reply((*speeches, s.say("before_you_pay_question", "not_paid", "paid")), "sent_yet")


def everyday_payment(s: Situation) -> Reply:
    """Leave an honest payment alone, and the door open."""
    return Reply((s.say("company_everyday"),))


def company_of(s: Situation) -> tuple[Speech, ...]:
    """Return what a company's money needs beside the rest: call back, second signer, hold."""
    return (s.say("company_steps"),) if s.company and s.exposure != "paid" else ()


def with_request_question(s: Situation, speeches: Sequence[Speech]) -> Reply:
    """Ask the next thing about the payment request, where something is left to ask."""
    question = s.request.question if s.request else None
    if question is None:
        return Reply(tuple(speeches))
    asks = s.say(f"request_ask_{question}", "affirm", "deny", "dont_know")
    return Reply((*speeches, asks), f"request_{question}")


def _result(s: Situation, request: RequestTalk, before: Sequence[Speech]) -> Reply:
    """Say which signs are there, what to do, and what to say to the boss."""
    speeches = [*before, *(_signs(s, request.signs) or (s.say("request_clear"),))]
    if s.warned and s.script:
        speeches.append(s.say("request_fits", title=s.script["title"][s.language]))
    speeches += [s.say("request_steps"), s.say("request_boss")]
    if request.signs:
        speeches.append(s.say("request_witness"))
    if request.note:
        speeches.append(Speech(s.say("request_note").text, link=request.note))
    speeches += told_of(s)
    if s.representative and not s.representative.told and request.signs:
        name = s.representative.name
        offer = s.say("offer_representative", "affirm", "deny", name=name)
        return Reply((*speeches, offer), "representative")
    return Reply(tuple(speeches))


def _signs(s: Situation, signs: Sequence[tuple[str, str]]) -> tuple[Speech, ...]:
    """Quote the signs with the reasons, the weightiest first, a few a message."""
    shown = list(_lines(s, signs[:_SIGNS]))
    parts = [shown[:_SIGNS_A_MESSAGE], shown[_SIGNS_A_MESSAGE:]]
    keys = ("request_signs", "request_signs_more")
    return tuple(
        s.say(key, signs="\n".join(part)) for key, part in zip(keys, parts, strict=True) if part
    )


def _lines(s: Situation, signs: Sequence[tuple[str, str]]) -> list[str]:
    quoted: set[str] = set()
    lines = []
    for sign, quote in signs:
        why = s.say(f"sign_{sign}").text
        if quote and quote not in quoted:
            why = s.say("request_sign", quote=_short(quote), why=why).text
        quoted.add(quote)
        lines.append(why)
    return lines


def _short(quote: str) -> str:
    quote = " ".join(quote.split())
    most = _QUOTE_CHARACTERS_CJK if any(map(is_cjk, quote)) else _QUOTE_CHARACTERS
    return quote if len(quote) <= most else quote[: most - 1] + "…"


def _payment_goes_first(s: Situation) -> bool:
    return s.payment is not None and s.payment.question is not None
