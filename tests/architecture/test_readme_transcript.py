"""The talk that the README shows is the talk that the functional tests held."""

from __future__ import annotations

from bot.settings import PROJECT_ROOT

START, END = "<!-- transcript:", "<!-- end of transcript -->"


def test_readme_shows_the_seed_story_as_it_was_really_answered() -> None:
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme[readme.index(START) : readme.index(END)].split("-->", 1)[1].strip()
    story = PROJECT_ROOT / "docs" / "transcripts" / "seed_story_en.md"
    assert shown.replace("#### ", "## ") in story.read_text(encoding="utf-8")
    assert "I have sent it" in shown
