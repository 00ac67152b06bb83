"""The trained artefact is whole and of this version, or says what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import ModelError
from bot.recognition import Recogniser
from bot.recognition.artefact import DEFAULT_PATH, load, save, trained_from


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copy(DEFAULT_PATH, tmp_path / "recogniser.npz"))


def rewritten(path: Path, **changes: Any) -> Path:
    """Change the document inside an artefact."""
    with np.load(path, allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    document = {**json.loads(kept["document"].tobytes()), **changes}
    kept["document"] = np.frombuffer(json.dumps(document).encode(), dtype=np.uint8)
    np.savez(path, **kept)
    return path


def test_missing_artefact_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"not trained yet\. Run `make train`"):
        Recogniser.load(tmp_path / "recogniser.npz")
    assert trained_from(tmp_path / "recogniser.npz") is None


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x03\x04 half of one"])
def test_damaged_artefact_says_how_to_make_it_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recogniser.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="Run `make train`"):
        Recogniser.load(path)
    assert trained_from(path) is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_artefact_that_was_cut_off_is_damaged(copied: Path, share: float) -> None:
    whole = copied.read_bytes()
    copied.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match="damaged"):
        Recogniser.load(copied)


def test_artefact_with_a_flipped_byte_is_damaged_or_the_same(copied: Path) -> None:
    whole = bytearray(copied.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    copied.write_bytes(bytes(whole))
    with pytest.raises(ModelError, match="damaged"):
        Recogniser.load(copied)


def test_artefact_of_another_version_is_refused(copied: Path) -> None:
    with pytest.raises(ModelError, match="another version"):
        load(rewritten(copied, format=99))


def test_artefact_that_lacks_a_part_is_damaged(copied: Path) -> None:
    with pytest.raises(ModelError, match="damaged"):
        load(rewritten(copied, labels={"scam": ["True"], "nonsense": ["a"]}))


def test_artefact_with_pickled_objects_is_never_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "recogniser.npz"
    np.savez(path, document=np.array([{"format": 1}], dtype=object))
    with pytest.raises(ModelError, match="damaged"):
        load(path)


def test_artefact_is_the_same_after_it_was_written_and_read(tmp_path: Path) -> None:
    first = load(DEFAULT_PATH)
    save(first, tmp_path / "copy.npz")
    second = load(tmp_path / "copy.npz")
    text = "The bank will sue me today and I must pay from the company account"
    assert Recogniser(second).assess(text) == Recogniser(first).assess(text)
    assert second.digest == first.digest == trained_from(tmp_path / "copy.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["copy.npz"]
