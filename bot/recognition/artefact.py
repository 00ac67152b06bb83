"""The trained recogniser as one file of numbers and JSON (``.npz``, never pickle)."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import ModelError
from bot.recognition.linear import Floats, LinearHead, Vocabulary

FORMAT = 3
DEFAULT_PATH = Path(__file__).resolve().parent.parent.parent / "models" / "recogniser.npz"

_DAMAGED = (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Calibration:
    """Weights of one language's last decision and the thresholds of its levels, all learned.

    Args:
        weights: By name of the signal (see ``recogniser.SIGNALS``).
        bias: Constant of the logistic model.
        thresholds: Least score of ``unsure``, ``suspicious`` and ``scam``.
    """

    weights: dict[str, float]
    bias: float
    thresholds: dict[str, float]


@dataclass(frozen=True)
class Artefact:
    """All that the recogniser needs at run time."""

    digest: str
    knowledge: dict[str, Any]
    simplified: dict[str, str]
    vocabulary: Vocabulary
    heads: dict[str, LinearHead]
    calibration: dict[str, Calibration]


def save(artefact: Artefact, path: Path = DEFAULT_PATH) -> None:
    """Write the artefact whole or not at all."""
    head_labels = {name: list(head.labels) for name, head in artefact.heads.items()}
    document = {
        "format": FORMAT,
        "digest": artefact.digest,
        "knowledge": artefact.knowledge,
        "simplified": artefact.simplified,
        "vocabulary": list(artefact.vocabulary.index),
        "doubt": artefact.vocabulary.doubt,
        "labels": head_labels,
        "calibration": {code: vars(one) for code, one in artefact.calibration.items()},
    }
    arrays: dict[str, Any] = {
        "document": np.frombuffer(
            json.dumps(document, ensure_ascii=False).encode(), dtype=np.uint8
        ),
        "idf": artefact.vocabulary.idf,
        "digest": np.frombuffer(artefact.digest.encode(), dtype=np.uint8),
    }
    for name, head in artefact.heads.items():
        arrays[f"{name}_weights"] = head.weights
        arrays[f"{name}_bias"] = head.bias
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, **arrays)
    unfinished.replace(path)


def load(path: Path = DEFAULT_PATH) -> Artefact:
    """Read the artefact.

    Raises:
        ModelError: It is missing, damaged or of another version.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            document = json.loads(arrays["document"].tobytes())
            if document["format"] != FORMAT:
                raise ModelError(f"{path}: made by another version. Run `make train`.")
            return _artefact(document, arrays)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: not trained yet. Run `make train`.") from error
    except _DAMAGED as error:
        raise ModelError(f"{path}: is damaged ({error}). Run `make train`.") from error


def trained_from(path: Path = DEFAULT_PATH) -> str | None:
    """Return the digest that the artefact was trained from, or ``None`` without a usable one."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            digest: str = arrays["digest"].tobytes().decode()
            return digest
    except _DAMAGED:
        return None


def _artefact(document: dict[str, Any], arrays: Any) -> Artefact:
    heads = {
        name: LinearHead(
            tuple(labels),
            arrays[f"{name}_weights"],
            _floats(arrays[f"{name}_bias"]),
        )
        for name, labels in document["labels"].items()
    }
    index = {name: column for column, name in enumerate(document["vocabulary"])}
    return Artefact(
        digest=document["digest"],
        knowledge=document["knowledge"],
        simplified=document["simplified"],
        vocabulary=Vocabulary(index, _floats(arrays["idf"]), document["doubt"]),
        heads=heads,
        calibration={code: Calibration(**one) for code, one in document["calibration"].items()},
    )


def _floats(array: Any) -> Floats:
    return np.asarray(array, dtype=np.float32)
