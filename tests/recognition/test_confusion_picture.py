"""The picture of which script is named for which."""

from __future__ import annotations

from xml.etree import ElementTree

from bot.confusion import NOTHING, confusion_svg

_SVG = "{http://www.w3.org/2000/svg}"


def test_picture_shows_every_count_and_every_script() -> None:
    counts = {("romance", "romance"): 7, ("romance", "investment"): 2, ("investment", NOTHING): 5}
    root = ElementTree.fromstring(confusion_svg(counts, ["investment", "romance"]))  # noqa: S314
    words = [text.text for text in root.iter(f"{_SVG}text")]
    assert sorted(word for word in words if word and word.isdigit()) == ["2", "5", "7"]
    assert words.count("romance") == words.count("investment") == 2
    assert len(list(root.iter(f"{_SVG}rect"))) == 1 + 2 * 3


def test_picture_of_nothing_is_still_a_picture() -> None:
    root = ElementTree.fromstring(confusion_svg({}, []))  # noqa: S314
    assert root.tag == f"{_SVG}svg"
