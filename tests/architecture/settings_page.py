"""Makes docs/settings.md from the settings: ``python -m tests.architecture.settings_page``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from bot.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "settings.md"
_HEAD = """# Settings

Every setting is an environment variable or a line of a `.env` file in the folder that the command
is started from. This page is made from `bot/settings.py`; write it anew with
`python -m tests.architecture.settings_page`.

| variable | default | meaning |
| --- | --- | --- |
"""


def settings_page() -> str:
    """Return the page."""
    prefix = str(Settings.model_config["env_prefix"])
    rows = [
        f"| `{prefix}{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, Path):
        return f"`{value.relative_to(PROJECT_ROOT, walk_up=True)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value not in ("", ()) else "none"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(settings_page(), encoding="utf-8")
