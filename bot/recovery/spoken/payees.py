"""Find whom the money went to: a name, a bank, the last characters of a masked account.

A wrong name on a stop request does harm, a missing one is asked for: so only what stands where a
payee stands is taken, and of that only what has the form of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.recovery.spoken.folding import fold
from bot.recovery.spoken.payee_names import (
    account_holder_en,
    account_holder_zh,
    bare_name,
    named_banks,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenPayee:
    """What a text says of the receiver; each part is None where nothing certain is said.

    Args:
        name: The account holder, as written.
        bank: The receiving bank, as written.
        account_ending: The last characters of the account, as the gateway's mask left them.
    """

    name: str | None = None
    bank: str | None = None
    account_ending: str | None = None


_CARD = re.compile(r"\[(?!id)[^\[\]\n]{0,20}…\s?(\d{3,4})\]")
_ENDING = re.compile(
    r"(?:尾号|末四位|后四位|最后四位|(?<![a-z])(?:ending|ends)(?: in| with)?|last four(?: digits)?)"
    r"(?:是|为|：| is| are)?[ :]{0,2}(\d{4})(?!\d)"
)
# The nearest of these words before an account says whose it is.
_OURS = re.compile(r"(?<![a-z])(?:from|my|our|mine)(?![a-z])|从|用|我的|我自己|我们|本人|自己")
_THEIRS = re.compile(
    r"(?<![a-z])(?:to|into|payee|beneficiary|receiver|recipient|account|his|her|their)(?![a-z])"
    r"|给|到|向|往|收款|对方|账号|卡号|账户|他的|她的|他们"
)
_BACKWARDS = 40
_FROM = re.compile(
    r"(?:(?<![a-z])(?:from|out of|left)(?: (?:my|our|the|an|a))?\s$)"
    r"|(?:从|用|拿|由)(?:了|的是)?(?:我的?|自己的?"
    r"|我们的?|公司的?|的)?$"
)
_WITH = re.compile(
    r"(?:(?<![a-z])(?:my|our|with|via|through|by|using)(?: (?:my|our|the))?\s$)"
    r"|(?:我的?|自己的?|我们的?|公司的?)$"
)
_ACCOUNT = re.compile(
    r"\s?(?:(?:bank )?(?:account|card|app|online|mobile|banking)"
    r"|的?(?:卡|账户|账号|网银|手机银行|app|户))"
)
# Names that customers write without capitals too.
_LEFT_EN = re.compile(
    r"(?:(?<![a-z])(?:from|out of|using|with|via|through)(?: (?:my|our|the))? )"
    r"(?P<name>barclays|natwest|lloyds|halifax|nationwide|santander|monzo|starling|revolut|hsbc|tsb"
    r"|chase|citibank|citi|wells fargo|bank of america|capital one|pnc|dbs|ocbc|uob|icbc|ccb|bocom"
    r"|cmb|anz|westpac|commbank|nab|commerzbank|deutsche bank|binance|coinbase|kraken|okx)(?![a-z])"
)


def payee_in(text: str, *, language: str, asked: bool = False) -> SpokenPayee:
    """Return what a text says of the receiver of the payment.

    Args:
        text: The customer's words as the gateway masked them, any text at all.
        language: The language of the talk; both are always read, in that one first.
        asked: Whether the question was to whom: then a name by itself counts
            (``Hongda Trading Ltd``, `张三 建设银行`).
    """
    folded = fold(text)
    readers = [account_holder_en, account_holder_zh]
    if language == "zh":
        readers.reverse()
    name = next((found for read in readers if (found := read(text, folded))), None)
    banks = named_banks(text, folded)
    bank = next((one for one, start in banks if asked or name or _is_theirs(folded, start)), None)
    bank_start = next((start for one, start in banks if one == bank), 0)
    if bank and _is_ours(folded, bank_start):
        bank = None
    if asked and name is None:
        name = bare_name(text, folded, banks=[one for one, _ in banks])
    return SpokenPayee(name=name, bank=bank, account_ending=_ending(folded, asked=asked))


def paying_bank_in(text: str) -> str | None:
    """Return the bank that a text says the money left: "from my Barclays account", `用工行转的`.

    Args:
        text: The customer's words as the gateway masked them, any text at all.
    """
    folded = fold(text)
    found = [
        (start, name)
        for name, start in named_banks(text, folded)
        if _left(folded, start, start + len(name))
    ]
    found += [
        (match.start("name"), text[match.start("name") : match.end("name")])
        for match in _LEFT_EN.finditer(folded)
    ]
    return min(found)[1] if found else None


def _left(folded: str, start: int, end: int) -> bool:
    before, after = folded[max(0, start - 14) : start], folded[end : end + 12]
    return bool(_FROM.search(before)) or bool(_WITH.search(before) and _ACCOUNT.match(after))


def _ending(folded: str, *, asked: bool) -> str | None:
    for pattern in (_CARD, _ENDING):
        for match in pattern.finditer(folded):
            ours = _is_ours(folded, match.start())
            if not ours and (asked or _is_theirs(folded, match.start())):
                return match[1]
    return None


def _is_theirs(folded: str, place: int) -> bool:
    return _last(_THEIRS, folded, place) > _last(_OURS, folded, place)


def _is_ours(folded: str, place: int) -> bool:
    return _last(_OURS, folded, place) > _last(_THEIRS, folded, place, but="账号卡号账户account")


def _last(pattern: re.Pattern[str], folded: str, place: int, *, but: str = "") -> int:
    """Return where the last match before ``place`` begins, -1 for none."""
    begin = max(0, place - _BACKWARDS)
    found = [
        begin + match.start()
        for match in pattern.finditer(folded[begin:place])
        if not but or match.group() not in but
    ]
    return found[-1] if found else -1
