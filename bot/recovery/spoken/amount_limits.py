"""What has the form of a number and is no money: telephone numbers, counts, ages, shares."""

from __future__ import annotations

import re

from bot.recovery.spoken.amount_candidates import Candidate
from bot.recovery.spoken.folding import Span

_TELEPHONE = re.compile(
    r"\+\d[\d -]{6,18}\d"
    r"|(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|[48]00[ -]?\d{3}[ -]?\d{4}"
    r"|\(?\d{3}\)?[ -]\d{3,4}-\d{4}|\d{3} \d{3,4} \d{4}|\d{3,4}-\d{3,8}(?:-\d{2,4})?)(?!\d)"
    r"(?! ?(?:元|块|万|yuan|rmb|cny|dollars))"
)
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}|[\w.+-]{1,64}@[\w.-]{1,200}")

# Emergency and bank lines, by their public form: 110, 119, 96110, 12381, 955xx.
_PUBLIC_LINES = re.compile(r"1[12]\d|9\d{2}|96110|123\d{2}|955\d{2}|000|112|911")
_LEAST_BARE_WORDS = 10

_COUNT_AFTER = re.compile(
    r" ?(?:个(?!亿|万)|人|次|天|年|月|日|号|点|分|小时|钟头|时|岁|条|笔|通|遍|家|位|名|周|秒|度|米"
    r"|公里|倍|成|楼|层|路|页|步|张(?!\w三)|台|部|只|件|句|封|期|股|码|折|级|星|平|斤|公斤|吨|火急"
    r"|%|％|‰|°|percent|per cent|pct|degrees?|o'clock|[ap]\.?m(?![a-z])"
    r"|(?:-| )?(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)"
    r"|people|persons?|staff|times?|calls?|messages?|texts?|km|kg|gb|mb|miles?|metres?|meters?"
    r"|(?:st|nd|rd|th)(?![a-z]))(?![a-z])"
)
_COUNT_BEFORE = re.compile(
    r"(?:第|尾号|末四位|后四位|账号|账户|卡号|号码|电话|手机号?|拨打?|致电|验证码|编号|单号|工号|房间"
    r"|(?<![a-z])(?:ending(?: in| with)?|ends(?: in| with)?|account(?: number| no\.?)?|number"
    r"|no\.|call(?:ed|ing|s)?|dial(?:led|ed)?|ring|rang|phone|codes?|id|room|floor|version|step"
    r"|page|flat|badge))(?:是|为| is| was)?\s{0,2}[:#]?\s{0,2}$|[#№/\\_=.]$|[a-z]-?$"
)
_YEAR_BEFORE = re.compile(r"(?<![a-z])(?:in|since|year|from|until|of)\s$")
_PLURAL_AFTER = re.compile(r" ([a-z]{3,20}s)(?![a-z])")
_NOT_PLURAL = frozenset(
    "this was has yes plus less thus across towards always perhaps does".split()
)
_LEFT_WINDOW = 24
_OTHER_END = re.compile(r" ?(?:-|~|to|到|至) ?[\d一二两三四五六七八九]")


def not_money(folded: str) -> list[Span]:
    """Return the places of telephone numbers, links and addresses."""
    return [one.span() for pattern in (_TELEPHONE, _LINK) for one in pattern.finditer(folded)]


def speaks_of_something_else(
    candidate: Candidate, readable: str, *, named: bool, asked: bool
) -> bool:
    """Tell whether a number is no sum of money, from its form and what stands around it.

    Args:
        candidate: The number.
        readable: The folded text it stands in.
        named: Whether a currency stands beside it.
        asked: Whether the question was how much.
    """
    if named:
        # `一块` is also "together"; people who mean one yuan say `一块钱`.
        return readable.startswith("一块", candidate.start) and not readable.startswith(
            "一块钱", candidate.start
        )
    left = readable[max(0, candidate.start - _LEFT_WINDOW) : candidate.start]
    if _COUNT_AFTER.match(readable, candidate.end) or _COUNT_BEFORE.search(left):
        return True
    if candidate.form == "words" or candidate.scaled:
        plural = _PLURAL_AFTER.match(readable, candidate.end)
        if plural and plural[1] not in _NOT_PLURAL:
            return True
    if candidate.scaled or candidate.form == "grouped":
        spaced = candidate.form == "grouped" and " " in readable[candidate.start : candidate.end]
        return spaced and not asked
    return not asked or _is_no_bare_amount(candidate, readable, left)


def _is_no_bare_amount(candidate: Candidate, readable: str, left: str) -> bool:
    """Tell whether a bare number cannot answer the question how much."""
    written = readable[candidate.start : candidate.end]
    right = readable[candidate.end : candidate.end + _LEFT_WINDOW]
    alone = not any(map(str.isalnum, left + right))
    if candidate.form == "digits":
        long = len(written.partition(".")[0]) > 10
        line = bool(_PUBLIC_LINES.fullmatch(written))
        year = bool(_YEAR_BEFORE.search(left)) and 1900 <= candidate.value < 2100
        ranged = bool(_OTHER_END.match(readable, candidate.end))
        return ranged or long or line or year or (written[0] == "0" and "." not in written)
    return candidate.value < _LEAST_BARE_WORDS and not alone
