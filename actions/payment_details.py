"""What one message tells of a payment: read with care, because an answer may hold anything."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from actions.turn import Turn
from actions.words import says
from bot.casework.payments import PaymentDetails
from bot.recovery import spoken

_NEAR = 24
_NEAR_BARE = 20
_HOURS = 24
_DOLLARS = frozenset(["USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD"])
_CHANNELS = frozenset(
    [
        *("corporate_online", "online", "mobile", "counter", "atm"),
        *("cash", "gift_card", "crypto"),
    ]
)
#: A plain number that counts nothing else: no hour, no day, no number of times.
_BARE = re.compile(
    r"(?<![\d:.…])\d{2,8}(?![\d:]|[,.]\d|\s*(?:am|pm|o'?clock|minutes?|hours?|days?|times?|%|点|号"
    r"|月|年|日|次|分|小时|天|遍))",
    re.IGNORECASE,
)
_SHORT_ANSWER = 24.0
_LONGEST_NAME = 40
#: Numbers that are rung and not paid.
_PUBLIC = re.compile(r"11\d|12\d|159|911|999|96110|95\d{3}|12\d{3}|10\d{3}")
#: What is denied ends at the next clause; a comma inside a figure ends nothing.
_DENIED = re.compile(
    r"(?:\bnot\b|\bwasn'?t\b|\bisn'?t\b|\binstead of\b|\brather than\b|不是|并非)"
    r"(?:[^,，。.;；!！]|[,.](?=\d))*?"
    r"(?=$|,(?!\d)|[，。;；!！]|\.(?!\d)|\bbut\b|\bit (?:was|is)\b|应该|其实)",
    re.IGNORECASE,
)
_SEGMENTS = re.compile(r"[,，、;；。\n]|\s-\s")
_LEAD_IN = re.compile(
    r"^\s*(?:it (?:was|went) to|to|payee|name|the name is"
    r"|转给|汇给|打给|给|收款方|收款人|户名|对方户名|叫)"
    r"\s*(?:是|[:：])?\s*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\d|…|银行|\bbank\b|\?|？|^(?:i|he|she|they|we|it|my|please|help|yes|no)\b|[我他她你您吗呢怎]|不|没",
    re.IGNORECASE,
)
_LATIN_NAME = re.compile(r"(?:[A-Z][\w.&'-]*)(?: [\w.&'()-]+){0,6}")


def details_of(
    turn: Turn,
    *,
    now: datetime,
    zone: ZoneInfo,
    open_questions: Collection[str],
    currency: str = "CNY",
    way: str = "",
) -> PaymentDetails:
    """Return what a message tells of a payment.

    Args:
        turn: The message, and what was asked before it.
        now: The moment, aware.
        zone: The customer's time zone.
        open_questions: What is not known yet; answers may come in any order.
        currency: The bank's own; where it is a dollar, a dollar of nobody is that one.
        way: The channel as far as it is known; of some other things count.
    """
    if turn.button:
        return _of_button(turn)
    asked = turn.asked.removeprefix("payment_") if turn.asked.startswith("payment_") else ""
    wanted = frozenset(open_questions) if asked else frozenset()
    text = held_part(turn.text) if corrects(turn) else turn.text
    dollar = currency if currency in _DOLLARS else "USD"
    amount = _amount(text, turn, asked=asked, wanted=wanted, dollar=dollar)
    time = _time(text, turn, asked=asked, wanted=wanted, now=now, zone=zone)
    payee = spoken.payee_in(text, language=turn.language, asked=asked == "payee")
    listed = asked == "payee" or ("payee" in wanted and payee.account_ending is not None)
    return PaymentDetails(
        amount=amount.value if amount else None,
        currency=(amount.currency if amount else None) or _currency(text, turn, dollar=dollar),
        paying_bank=_paying_bank(text, asked=asked, way=way),
        submitted=time.at if time else None,
        precise_to=time.precise_to if time else None,
        channel=spoken.channel_in(text),
        arrival=spoken.arrival_in(text),
        account_kind=spoken.account_in(text),
        payee_name=_payee_name(text, payee, listed=listed, asked=asked, way=way),
        payee_bank=payee.bank,
        payee_account_ending=payee.account_ending,
        caller_there=_caller(turn, asked=asked == "caller"),
    )


def corrects(turn: Turn) -> bool:
    """Whether a message says a detail anew."""
    return turn.intent == "correct" or bool(says("corrects").search(turn.text))


def held_part(text: str) -> str:
    """Return what still holds of a correction: without what is denied, behind the last "no"."""
    kept = _DENIED.sub(" ", text)
    *_, last = [0, *(match.end() for match in says("turns").finditer(kept))]
    behind = kept[last:]
    return behind if re.search(r"\w", behind) else kept


def _currency(text: str, turn: Turn, *, dollar: str) -> str | None:
    """Return a currency that is named by itself, as a correction: "no, dollars"."""
    short = _length(text) <= _SHORT_ANSWER / 2
    return spoken.currency_in(text, dollar=dollar) if corrects(turn) or short else None


def _payee_name(
    text: str, payee: spoken.SpokenPayee, *, listed: bool, asked: str, way: str
) -> str | None:
    """Return who got it; of gift cards the company whose name stands on them."""
    if way == "crypto":
        return None
    if way == "gift_card":
        return _bare(text) if asked == "payee" else None
    return payee.name or (_listed_name(text) if listed else None)


def _paying_bank(text: str, *, asked: str, way: str) -> str | None:
    """Return the bank that it left; of crypto-currency the exchange."""
    found = spoken.paying_bank_in(text)
    if found or way != "crypto" or asked != "payee":
        return found
    return _bare(text)


def _bare(text: str) -> str | None:
    """Return a short answer as it stands, where it neither asks nor denies."""
    first = _LEAD_IN.sub("", _SEGMENTS.split(text.strip())[0]).strip(" .。!！")
    if not 2 <= len(first) <= _LONGEST_NAME or spoken.says_unknown(text):
        return None
    return None if re.search(r"[?？]|不|没|\b(no|not|yes|please|help)\b", first, re.I) else first


def _amount(
    text: str, turn: Turn, *, asked: str, wanted: Collection[str], dollar: str
) -> spoken.SpokenAmount | None:
    """Return the amount that was paid, not one that was demanded or owed."""
    plain = spoken.amounts_in(text, language=turn.language, dollar=dollar)
    bare = spoken.amounts_in(text, language=turn.language, asked=True, dollar=dollar)
    short = _length(text) <= _SHORT_ANSWER
    anew = corrects(turn) and short
    if bare and (asked == "amount" or (anew and (asked != "time" or bare[-1].value > _HOURS))):
        return bare[-1]
    expected = "amount" in wanted or says("another").search(text)
    if len(plain) == 1 and expected and short:
        return plain[0]
    sent = [match.end() for match in says("sent").finditer(text)]
    near = [(one.start - end, one) for one in plain for end in sent if one.start - end > -_NEAR]
    near = [pair for pair in near if pair[0] <= _NEAR]
    if near:
        return min(near, key=lambda pair: (pair[0] < 0, abs(pair[0])))[1]
    if plain:
        return plain[-1] if corrects(turn) else None
    return _bare_beside(text, sent)


def _bare_beside(text: str, sent: list[int]) -> spoken.SpokenAmount | None:
    """Return a number without a unit right behind a verb of sending: "sent the scammer 900"."""
    for end in sent:
        number = _BARE.search(text, end, end + _NEAR_BARE)
        if number and not _PUBLIC.fullmatch(number.group()):
            value = Decimal(number.group())
            return spoken.SpokenAmount(
                value=value,
                currency=None,
                start=number.start(),
                end=number.end(),
                approximate=False,
            )
    return None


def asked_time(asked: str) -> bool:
    """Whether the time was asked: a bare number is then an hour."""
    return asked == "time"


def _time(
    text: str,
    turn: Turn,
    *,
    asked: str,
    wanted: Collection[str],
    now: datetime,
    zone: ZoneInfo,
) -> spoken.SpokenTime | None:
    """Return when it was sent; the moment of a call or of anything else is not meant."""
    belongs = asked_time(asked) or "time" in wanted or corrects(turn)
    if not belongs and not says("sent").search(text):
        return None
    return spoken.time_in(text, language=turn.language, now=now, zone=zone, asked=asked_time(asked))


def _listed_name(text: str) -> str | None:
    """Return the name of an answer such as "Mary Jones, Chase, [account …7665]"."""
    first = _LEAD_IN.sub("", _SEGMENTS.split(text.strip())[0]).strip(" .。!！")
    if not 2 <= len(first) <= _LONGEST_NAME or _NO_NAME.search(first):
        return None
    return first if not first.isascii() or _LATIN_NAME.fullmatch(first) else None


def _caller(turn: Turn, *, asked: bool) -> bool | None:
    told = spoken.caller_there(turn.text)
    if told is not None or not asked:
        return told
    if turn.intent in ("affirm", "on_the_phone") or says("says_yes").search(turn.text):
        return True
    if turn.intent in ("deny", "hung_up") or says("says_no").search(turn.text):
        return False
    return None


def _of_button(turn: Turn) -> PaymentDetails:
    if turn.button in ("still_on", "hung_up", "not_on"):
        return PaymentDetails(caller_there=turn.button == "still_on")
    if turn.button in _CHANNELS:
        account = "company" if turn.button == "corporate_online" else None
        return PaymentDetails(channel=turn.button, account_kind=account)
    if turn.asked == "payment_caller" and turn.button in ("affirm", "deny"):
        return PaymentDetails(caller_there=turn.button == "affirm")
    return PaymentDetails()


def _length(text: str) -> float:
    return sum(0.25 if sign.isascii() else 1 for sign in text)
