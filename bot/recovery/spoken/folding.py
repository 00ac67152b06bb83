"""Bring a text to its plainest form without moving a character, and make parts of it unreadable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

OPAQUE = "\x00"
"""Stands for text in which nothing may be found, nor across it."""

Span = tuple[int, int]

_TRADITIONAL = (
    "萬億兩點個塊圓時鐘週禮號後剛過幾餘這電話掛斷還線對賬帳戶銀網櫃臺機業實轉給貳參陸約"
    "錢幣們記麼沒問誰說請處貿華張陳劉趙黃吳孫馬鄭謝韓馮於蕭許鄧曹曾彭呂蘇盧蔣賈葉閻餘"
    "鐘譚鄒熊孟龍萊國農設際爾聯達興發長東門豐進寶財購務應廣蓋團廠資訊當間總歐鎊聽會徹"
    "隨從開單夠裡裏傳動體準確樣來晚經濟員壹僅將數產"
)
_SIMPLIFIED = (
    "万亿两点个块圆时钟周礼号后刚过几余这电话挂断还线对账账户银网柜台机业实转给贰叁陆约"
    "钱币们记么没问谁说请处贸华张陈刘赵黄吴孙马郑谢韩冯于萧许邓曹曾彭吕苏卢蒋贾叶阎余"
    "钟谭邹熊孟龙莱国农设际尔联达兴发长东门丰进宝财购务应广盖团厂资讯当间总欧镑听会彻"
    "随从开单够里里传动体准确样来晚经济员壹仅将数产"
)
_ALIKE = dict(zip(map(ord, _TRADITIONAL), _SIMPLIFIED, strict=True))

# The forms that bot.gateway.privacy writes, however many of the last characters stay.
_MASKED = re.compile(r"\[(?:[^\[\]\n]{0,20}…\s?(?:[\dA-Zx]{1,6}|@[a-z0-9.-]{0,400})|code)\]")


class _Folding(dict[int, str]):
    """A translation table that fills itself, one character for one character."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_character(chr(code_point))
        return folded


_TABLE = _Folding()


def fold(text: str) -> str:
    """Return ``text`` in lower case, half width and simplified characters, at the same length."""
    return text.translate(_TABLE)


def without_masked(text: str, folded: str) -> str:
    """Return ``folded`` with the gateway's masks in ``text`` made opaque."""
    return blank(folded, (match.span() for match in _MASKED.finditer(text)))


def blank(folded: str, spans: Iterable[Span]) -> str:
    """Return ``folded`` with ``spans`` made opaque, at the same length."""
    parts: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if end > position:
            start = max(start, position)
            parts += [folded[position:start], OPAQUE * (end - start)]
            position = end
    return "".join([*parts, folded[position:]])


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if character in "’‘`":
        return "'"
    if character.isspace() and character != "\n":
        return " "
    folded = unicodedata.normalize("NFKC", character).lower()
    folded = folded if len(folded) == 1 else character
    return _ALIKE.get(ord(folded), folded)
