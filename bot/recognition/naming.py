"""Learns which scam script a text tells of.

Besides the examples and reports, what the catalogue says of a script counts too: its reasons, what
the caller says next, and its look-alikes, which are honest but speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bot.recognition.catalogue import Catalogue, ScamScript
from bot.recognition.linear import LinearHead

#: What is said *about* a script weighs half of what is said *in* it. This, the strength and the
#: weight of red flags in ``Recogniser.script_scores`` were the best of a few, out of fold.
_WEIGHT_OF_KNOWLEDGE = 0.5
_STRENGTH = 0.3
#: Standard deviation of the scores of the scripts for one text: about that of log odds.
_SPREAD = 2.0


def knowledge_texts(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return ``(text, script id)`` of what the catalogue says about each script."""
    return [(text, s.id) for s in catalogue.scripts.values() for text in _texts(s)]


def naming_head(told: Any, told_of: Sequence[str], said: Any, said_of: Sequence[str]) -> LinearHead:
    """Fit the model that names the script of a vector of length one.

    Args:
        told: Matrix of what customers tell; rows have any length.
        told_of: The script of each of its rows.
        said: Matrix of what the catalogue says.
        said_of: The script of each of its rows.
    """
    from scipy.sparse import vstack
    from sklearn.preprocessing import normalize
    from sklearn.svm import LinearSVC

    matrix = normalize(vstack([told, said]))
    weights = np.concatenate([np.ones(len(told_of)), np.full(len(said_of), _WEIGHT_OF_KNOWLEDGE)])
    model = LinearSVC(C=_STRENGTH, random_state=1)
    model.fit(matrix, [*told_of, *said_of], sample_weight=weights)
    scale = _SPREAD / model.decision_function(matrix).std(axis=1).mean()
    return LinearHead(
        tuple(map(str, model.classes_)),
        np.ascontiguousarray(model.coef_.T * scale, dtype=np.float16),
        np.asarray(model.intercept_ * scale, dtype=np.float32),
    )


def _texts(script: ScamScript) -> Iterator[str]:
    yield from script.title.values()
    yield from script.summary.values()
    for stage in script.stages:
        yield from stage.name.values()
        yield from stage.next.values()
    for flag in script.red_flags:
        yield from flag.why.values()
    for look_alike in script.look_alikes:
        for texts in look_alike.examples.values():
            yield from texts
