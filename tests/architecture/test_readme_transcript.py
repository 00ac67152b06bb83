"""The README shows the seed story as the assistant really answered it."""

from __future__ import annotations

import os

from bot.settings import PROJECT_ROOT

README = PROJECT_ROOT / "README.md"
TRANSCRIPT = PROJECT_ROOT / "docs" / "transcripts" / "seed_story_en.md"
START = "<!-- transcript: from docs/transcripts/seed_story_en.md; a test compares -->\n"
END = "<!-- end of transcript -->"
WRITE = "SECONDVOICE_WRITE_TRANSCRIPTS"


def test_readme_shows_the_seed_story_as_it_was_really_answered() -> None:
    story = TRANSCRIPT.read_text(encoding="utf-8")
    shown = story[story.index("## The first telling") :].replace("## ", "#### ").strip()
    before, _, rest = README.read_text(encoding="utf-8").partition(START)
    present, _, after = rest.partition(END)
    if os.environ.get(WRITE) == "1":
        README.write_text(f"{before}{START}\n{shown}\n\n{END}{after}", encoding="utf-8")
        present = shown
    assert present.strip() == shown, f"README.md is out of date; write it with {WRITE}=1."
