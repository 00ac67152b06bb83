"""The names and signs of currencies, before and after a number; all of it in folded text."""

from __future__ import annotations

import re

DOLLAR = "dollar"
"""Stands for a dollar of which the text does not say whose it is."""

_AFTER = {
    "CNY": r"人民币|元人民币|yuan|kuai|rmb|cny|renminbi|元(?!旦|月|宵|件|素)|块钱?(?!儿)|圆|¥",
    "USD": r"美元|美金|us dollars?|usd",
    "HKD": r"港币|港元|港纸|hk dollars?|hkd",
    "TWD": r"新?台币|ntd|twd",
    "SGD": r"新币|新元|新加坡元|singapore dollars?|sgd",
    "AUD": r"澳元|澳币|澳大利亚元|australian dollars?|aud",
    "EUR": r"欧元|euros?|eur|€",
    "GBP": r"英镑|pounds?(?: sterling)?|quid|gbp|£",
    "JPY": r"日元|日圆|yen|jpy",
    DOLLAR: r"dollars?|bucks?|刀|\$",
}
_BEFORE = {
    "USD": r"us\$|usd|美元|美金",
    "HKD": r"hk ?\$|hkd|港币",
    "TWD": r"nt ?\$|ntd|twd|新?台币",
    "SGD": r"s\$|sgd|新币",
    "AUD": r"a\$|aud|澳元",
    "CNY": r"cn ?¥|¥|rmb|cny|人民币|yuan",
    "EUR": r"€|eur|欧元",
    "GBP": r"£|gbp|英镑",
    "JPY": r"jpy|日元",
    DOLLAR: r"\$",
}


def _compiled(names: dict[str, str], shape: str) -> re.Pattern[str]:
    any_of = "|".join(f"(?P<{code}>{pattern})" for code, pattern in names.items())
    return re.compile(shape.format(any_of))


# The parts of a compound (`元人民币`, `hk$`) are tried before the simple forms.
AFTER = _compiled(_AFTER, r"[ ]?(?:{})(?![a-z])")
BEFORE = _compiled(_BEFORE, r"(?<![a-z])(?:{})[ :]{{0,2}}$")
LONGEST_BEFORE = 8
_ALONE = re.compile(
    r"(?<![a-z0-9])(?:(?P<CNY>人民币|yuan|rmb|cny|renminbi)|(?P<USD>美元|美金|us dollars?|usd)"
    r"|(?P<HKD>港币|港元|港纸|hk dollars?|hong kong dollars?|hkd)|(?P<TWD>新?台币|ntd|twd)"
    r"|(?P<SGD>新币|新加坡元|singapore dollars?|sgd)"
    r"|(?P<AUD>澳元|澳币|australian dollars?|aud)|(?P<EUR>欧元|euros?|eur)"
    r"|(?P<GBP>英镑|pounds?(?: sterling)?|quid|gbp)|(?P<JPY>日元|日圆|yen|jpy)"
    r"|(?P<dollar>dollars?|bucks?|刀))(?![a-z])"
)


def currency_alone(folded: str, *, dollar: str | None) -> str | None:
    """Return the last currency that a text names in words, with or without a sum; None for none."""
    found = list(_ALONE.finditer(folded))
    return currency_of(found[-1], dollar=dollar) if found else None


def currency_of(match: re.Match[str], *, dollar: str | None) -> str | None:
    """Return the ISO 4217 code that a match of ``AFTER`` or ``BEFORE`` names."""
    return dollar if match.lastgroup == DOLLAR else match.lastgroup
