"""Which examples of the catalogue can stand in a lesson: whole, short, and naming nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

_LEFT_OUT_FILE = Path(__file__).with_name("left_out.yml")
_LENGTHS = {"en": (25, 105), "zh": (9, 44)}
#: Addresses, dialogues, notices and nested quotes do not read well inside a sentence of ours.
_UNREADABLE = re.compile(r"https?:|\.example|[:：“”\"「」【】\[\]()（）?？…]|\d{3,}")
#: A capital inside a sentence names somebody; "I" does not.
_NAMES = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z]|[A-Z]{2,}")
#: Traditional writing and Cantonese are understood, but the page speaks simplified Mandarin.
_OTHER_WRITING = re.compile("[個們說對錢轉帳戶這會來為後開關時過還進電話嗎嘅咗唔佢係喺啲俾]")
#: A lesson is no place for these, however true they are.
_FRIGHTENS = re.compile(
    r"\b(naked|nude|fingers?|blood|scream\w*|kill\w*|suicid\w*|ransom|god)\b|裸|剁|血|杀|命|绑架"
)


def readable(examples: Iterable[str], language: str) -> list[str]:
    """Return the examples that can be quoted, in their own order.

    Args:
        examples: Examples of a red flag or of a look-alike.
        language: Their language.
    """
    return [example for example in map(_ended, examples) if _reads_well(example, language)]


def inside_quotes(text: str) -> str:
    """Write quotation marks inside a text so that it can stand in quotation marks itself."""
    text = text.replace("“", "‘").replace("”", "’")
    return re.sub(r'"([^"]*)"', r"‘\1’", text)


def _ended(example: str) -> str:
    cjk = bool(re.search("[\u4e00-\u9fff]", example))
    if example[-1:] in ".!。！" or not cjk:
        return example
    return example + "。"


def _reads_well(example: str, language: str) -> bool:
    least, most = _LENGTHS.get(language, _LENGTHS["en"])
    if not least <= len(example) <= most or _UNREADABLE.search(example):
        return False
    if _FRIGHTENS.search(example) or example.startswith(_left_out()):
        return False
    if language == "zh":
        return not re.search("[A-Za-z]", example) and not _OTHER_WRITING.search(example)
    return example[0].isupper() and example[-1] in ".!" and not _NAMES.search(example)


@lru_cache(maxsize=1)
def _left_out() -> tuple[str, ...]:
    return tuple(yaml.safe_load(_LEFT_OUT_FILE.read_text(encoding="utf-8")))
