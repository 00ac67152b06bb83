"""Writes the list of known failures anew: ``python -m tests.recognition.known_failures``.

Read what changed before you keep it: a longer list is a step back. The reason of a sentence that
was listed already stays as somebody has written it.
"""

from __future__ import annotations

import yaml

from tests.recognition.script_tests import (
    FILES,
    KNOWN_FAILURES,
    failures,
    file_name,
    known_failures,
)

_HEAD = """# Sentences of tests/scripts that recognition gets wrong today, with the reason.
# A listed sentence that is repaired fails the tests, so that the list stays honest.
# Written by `python -m tests.recognition.known_failures`; the reasons may be put better by hand.
"""


def main() -> None:
    """Assess every sentence and write down those that fail."""
    reasons = {(known["file"], known["text"]): known["why"] for known in known_failures()}
    listed = [
        {"file": name, "text": text, "why": reasons.get((name, text), why)}
        for path in FILES
        for name in [file_name(path)]
        for text, why in failures(path).items()
    ]
    body = yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=100)
    KNOWN_FAILURES.write_text(_HEAD + body, encoding="utf-8")
    print(f"{KNOWN_FAILURES.name}: {len(listed)} known failures, {len(reasons)} before.")


if __name__ == "__main__":
    main()
