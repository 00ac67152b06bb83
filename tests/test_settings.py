from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings
from tests.together import at_once

READ_KEYS = """
from pathlib import Path
from bot.settings import Settings

def act(folder):
    places = [Path(folder) / str(number) for number in range(200)]
    return [
        Settings(_env_file=None, var_dir=place, secret_key="").key("secret_key")
        for place in places
    ]
"""


def key_of(folder: Path) -> str:
    return Settings(_env_file=None, var_dir=folder, secret_key="").key("secret_key")


def test_processes_that_start_together_agree_on_one_whole_key(tmp_path: Path) -> None:
    first, *others = at_once(READ_KEYS, tmp_path, processes=6)
    assert all(len(key) >= 40 for key in first)
    assert len(set(first)) == len(first)
    assert others == [first] * 5


def test_a_key_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = key_of(tmp_path / "new")
    assert key_of(tmp_path / "new") == key
    [file] = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_is_given_leaves_no_file(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path, bank_key="the bank's own")
    assert settings.key("bank_key") == "the bank's own"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_key_file_is_refused_instead_of_signing_with_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret_key.txt").write_text("\n")
    with pytest.raises(ConfigurationError, match="delete it to get a new key"):
        key_of(tmp_path)
