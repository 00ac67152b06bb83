"""The privacy page tells of every column that there is."""

from __future__ import annotations

from tests.architecture.privacy_page import PAGE, page, unsaid


def test_every_column_is_said_to_be_about_a_person_or_not() -> None:
    assert unsaid() == []


def test_the_privacy_page_is_made_from_the_models() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "Write it anew: python -m tests.architecture.privacy_page"
    )
