"""Text as recognition sees it: one tokeniser for all languages, offsets always those of the input.

Every Chinese character is a token, so is every word and every number of an alphabetic script; a
sentence of mixed language therefore needs no special care. Normalisation replaces characters one by
one (full-width by half-width, traditional by simplified), so that offsets never move.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

import snowballstemmer

from bot.recognition.language import CJK, is_cjk

_TOKEN = re.compile(
    rf"[{CJK}]"
    r"|\d+(?:[.,:]\d+)*"
    r"|[^\W\d_" + CJK + r"]+(?:['’][^\W\d_" + CJK + r"]+)*"
    r"|\S"
)
_LONGEST_WORD = 40
_SENTENCE_END = frozenset(".!?。！？…\n;；")
_IN_MASK = re.compile(r"\[[A-Za-z]{2,8} …")
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")
_APOSTROPHES = str.maketrans("", "", "'’")

_CURRENCY = (
    r"yuan|rmb|cny|usd|gbp|eur|sgd|hkd|aud|ntd|dollars?|pounds?|quid|euros?|bucks|cents|grand"
    r"|元|块|圆|人民币|美元|美金|港币|港元|欧元|英镑|新币|澳元"
)
_SCALE = r"k|m|mn|million|thousand|hundred|万|千|百|亿|w"
_CHINESE_NUMBER = "零〇一二三四五六七八九十百千万亿两几壹贰叁肆伍陆柒捌玖拾佰仟数好"
# Every repetition has an upper bound: no text, however odd, takes more than linear time.
_DIGITS = r"\d[\d,.]{0,18}"
_MONEY = re.compile(
    r"(?:[$£€¥￥]|rmb|cny|usd|gbp|eur|sgd|hkd|aud|s\$|hk\$|us\$|a\$)\s?"
    + _DIGITS
    + rf"(?:\s?(?:{_SCALE})\b)?"
    rf"|{_DIGITS}\s?(?:多|余|来|几)?(?:(?:{_SCALE})(?![a-z])\s?){{0,3}}"
    rf"(?:{_CURRENCY})(?![a-z])"
    rf"|{_DIGITS}\s?(?:(?:k|mn?|million|thousand|hundred|grand)(?![a-z])|[万千百亿])[多余来几]?"
    rf"|[{_CHINESE_NUMBER}]{{1,12}}[多余来几]?(?:元|块|万|千|百|亿)"
    r"|(?:hundreds?|thousands?|tens)\s(?:and hundreds\s)?of\s(?:thousands|millions)"
    r"(?:\sof\s(?:dollars|pounds|yuan))?"
    r"|(?:\b\w{1,12}\s)?(?:hundred|thousand|million|grand)\s(?:dollars|pounds|yuan|rmb|euros|bucks)"
    # A bare amount: grouped by thousands, or right behind a word for paying.
    r"|\b\d{1,3}(?:,\d{3}){1,4}\b"
    r"|(?:(?<=\bpay )|(?<=\bpaid )|(?<=\bsend )|(?<=\bsent )|(?<=\bowe )|(?<=\bwire )|(?<=\blend )"
    r"|(?<=\btransfer )|(?<=[转汇付交打还欠借]))\d{3,7}(?![\d:/-]|\.\d{3})",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?://\S{1,2000}|www\.\S{1,2000}"
    r"|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:com|cn|net|org|info|top|xyz|cc|vip|io|co|uk|hk|sg)"
    r"(?:/\S{0,2000})?\b|\b[a-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){1,4}/\S{1,2000}",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(rf"{_DIGITS}|[{_CHINESE_NUMBER}]{{1,12}}")

#: Classes of text that a pattern may name in angle brackets.
CLASSES = {"money": _MONEY, "number": _NUMBER, "link": _LINK}


class TextReader:
    """Turns text into tokens whose normal form folds case, inflection and variants.

    Args:
        irregular: Word forms that no stemmer knows (``sued``: ``sue``), lower case.
        simplified: Traditional characters and their simplified forms, one to one.
    """

    def __init__(
        self, *, irregular: Mapping[str, str], simplified: Mapping[str, str] | None = None
    ) -> None:
        self._irregular = dict(irregular)
        self._table = str.maketrans(dict(simplified or {}))
        self._stemmer = snowballstemmer.stemmer("english")
        self.norm_of = lru_cache(maxsize=50_000)(self.norm)

    def fold(self, text: str) -> str:
        """Return ``text`` with each character in its plainest form; the length stays the same."""
        if text.isascii():
            return text
        text = _HALF_SURROGATE.sub("\ufffd", text)
        return "".join(map(_plain_character, text)).translate(self._table)

    def norm(self, word: str) -> str:
        """Return the form under which all inflections of a token are found."""
        word = word.lower().translate(_APOSTROPHES) or word
        if len(word) > _LONGEST_WORD or not word.isalpha() or is_cjk(word[0]):
            return word[:_LONGEST_WORD]
        stem: str = self._irregular.get(word) or self._stemmer.stemWord(word)
        return stem

    def tokens(self, folded: str) -> list[tuple[int, int, str]]:
        """Return ``(start, end, text)`` of every token of an already folded text."""
        return [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(folded)]


def sentence_numbers(folded: str, tokens: Iterable[tuple[int, int, str]]) -> list[int]:
    """Return, for every token, the number of the sentence that it stands in.

    A line break ends a sentence; a full stop does so only before a space or the end, which keeps
    abbreviations such as ``U.S.`` together.
    """
    numbers: list[int] = []
    current = 0
    previous_end = 0
    for start, end, text in tokens:
        if "\n" in folded[previous_end:start]:
            current += 1
        numbers.append(current)
        if text in _SENTENCE_END and _ends_sentence(folded, start, end, text):
            current += 1
        previous_end = end
    return numbers


def class_spans(folded: str) -> Iterable[tuple[str, int, int]]:
    """Yield ``(class, start, end)`` for every amount of money, number and link of a text."""
    for name, expression in CLASSES.items():
        for match in expression.finditer(folded):
            yield name, match.start(), match.end()


def _ends_sentence(folded: str, start: int, end: int, text: str) -> bool:
    if text == "…":
        # What is masked reads "[phone …1234]" and stands inside its sentence.
        return not _IN_MASK.search(folded, max(0, start - 12), end)
    if text != ".":
        return True
    before = folded[start - 2 : start - 1] if start >= 2 else " "
    single_letter = folded[start - 1 : start].isalpha() and not before.isalnum()
    return not single_letter and (end >= len(folded) or folded[end].isspace())


@lru_cache(maxsize=20_000)
def _plain_character(character: str) -> str:
    if character == "\u3000":
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
