"""Which language a message is written in, and whether it says enough to tell."""

from __future__ import annotations

import re

#: Chinese characters, as the inside of a character class.
CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
#: The languages of the product, the first one being the answer when nothing else is known.
LANGUAGES = ("en", "zh")

_CJK_CHARACTER = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]{1,500}|[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?:/[!-~]{0,500})?"
)
_LEAST_LETTERS = 6
#: Words that people of any language type in between their own.
_INTERNATIONAL = frozenset("ok okay okey hi hello bye sos app pdf atm wechat qq vip usdt".split())


def is_cjk(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return bool(_CJK_CHARACTER.match(character))


def language_of(text: str, *, default: str = LANGUAGES[0]) -> str:
    """Return the language by its writing: ``zh`` where Chinese characters prevail, else ``en``.

    Args:
        text: The message.
        default: The answer for a text without letters, such as ``110`` or ``???``.
    """
    return _by_writing(text) or default


def language_in_talk(text: str, *, previous: str) -> str:
    """Return the language to answer in, given the one spoken so far.

    One short word of the Latin alphabet (``ok``, ``hi``) says nothing in a Mandarin talk; it takes
    two words or a longer one to switch. A single Chinese character is enough.
    """
    if any(map(is_cjk, text)):
        return _by_writing(text) or previous
    words = [word.lower() for word in _WORD.findall(text)]
    telling = [word for word in words if word not in _INTERNATIONAL]
    enough = len(telling) > 1 or any(len(word) >= _LEAST_LETTERS for word in telling)
    return "en" if enough else previous


def _by_writing(text: str) -> str | None:
    """Weigh the writing: a Chinese character carries about as much as two letters do."""
    chinese = sum(map(is_cjk, text))
    if chinese:  # Whose letters an address has, says nothing of who sent it.
        text = _ADDRESS.sub(" ", text)
    letters = sum(character.isalpha() for character in text) - chinese
    if not chinese and not letters:
        return None
    return "zh" if chinese * 2 >= letters else "en"
