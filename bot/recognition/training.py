"""Training: from the catalogue's sentences and our own written speech to one artefact.

Everything that is decided here is learned: the heads from the texts, the weights of the last
decision and its thresholds from predictions that were made without the text in question.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.recognition.artefact import Artefact, Calibration
from bot.recognition.catalogue import Catalogue, digest, load_catalogue, source_files
from bot.recognition.language import language_of
from bot.recognition.linear import LinearHead, Vocabulary
from bot.recognition.naming import knowledge_texts, naming_head
from bot.recognition.reading import Reader
from bot.recognition.recogniser import SIGNALS, Recogniser, make_reader

_LEAST_FREQUENCY = 2
_FOLDS = 5
_SEED = 1
_STRENGTH = 10.0
#: The fit goes on until it has converged. One that stops early depends on how far it came, so that
#: the thresholds, which come from the folds' fits, would not hold for the whole's.
_TOLERANCE = 1e-5
_DOUBT = 60.0
#: Cues of the customer's own situation: they set the exposure, they do not make a scam.
SITUATION = frozenset({"on_the_line", "about_to_pay", "gave_secret", "has_paid"})
#: Share of honest training texts that may reach a level, out of fold.
_FALSE_WARNINGS = {"unsure": 0.08, "suspicious": 0.0275, "scam": 0.006}


@dataclass(frozen=True)
class Sample:
    """One text to learn from.

    Args:
        text: The text.
        scam: Whether it tells of a scam.
        script: The script it belongs to, if to exactly one.
        flag: The red flag it is an example of, if it is one.
        whole: Whether it is a whole report (and not a sentence), as customers send it.
    """

    text: str
    scam: bool
    script: str | None = None
    flag: str | None = None
    whole: bool = True


def train(catalogue: Catalogue | None = None, *, files: list[Path] | None = None) -> Artefact:
    """Learn everything from the catalogue.

    Raises:
        DataError: The catalogue has problems.
    """
    catalogue = catalogue or load_catalogue()
    knowledge = knowledge_of(catalogue)
    simplified = simplified_characters()
    reader = make_reader(knowledge, simplified)
    samples = samples_of(catalogue)
    texts = [_learn_from(reader, sample) for sample in samples]
    plan = Artefact(
        digest=digest(files if files is not None else source_files()),
        knowledge=knowledge,
        simplified=simplified,
        vocabulary=Vocabulary.fit([], least=_LEAST_FREQUENCY),
        heads={},
        calibration={},
    )
    about = [(reader(text).features(), script) for text, script in knowledge_texts(catalogue)]
    return replace(_fit(plan, texts, about), calibration=_calibrate(plan, texts))


def samples_of(catalogue: Catalogue) -> list[Sample]:
    """Return every text to learn from, with what is known of it."""
    samples = [
        Sample(text, scam=True, flag=flag.id, whole=False)
        for flag in catalogue.shared.values()
        if flag.id not in SITUATION
        for texts in flag.examples.values()
        for text in texts
    ]
    for script in catalogue.scripts.values():
        samples += [
            Sample(text, scam=True, script=script.id, flag=flag.id, whole=False)
            for flag in script.red_flags
            for texts in flag.examples.values()
            for text in texts
        ]
        samples += [
            Sample(text, scam=True, script=script.id)
            for texts in script.reports.values()
            for text in texts
        ]
        samples += [
            Sample(text, scam=False)
            for look_alike in script.look_alikes
            for texts in look_alike.examples.values()
            for text in texts
        ]
    samples += [Sample(t, scam=False) for texts in catalogue.ordinary.values() for t in texts]
    return list({sample.text: sample for sample in samples}.values())


def knowledge_of(catalogue: Catalogue) -> dict[str, Any]:
    """Return what the recogniser needs of the catalogue at run time, as plain JSON types."""
    return {
        "scripts": {
            script.id: {
                "title": script.title,
                "stages": [asdict(stage) for stage in script.stages],
                "weights": dict(script.weights),
                "own": [flag.id for flag in script.red_flags],
                "counsel": script.counsel,
                "honest_way": script.honest_way,
            }
            for script in catalogue.scripts.values()
        },
        "red_flags": {
            flag.id: {
                "why": flag.why,
                "weight": flag.weight,
                "exposure": flag.exposure,
                "patterns": flag.patterns,
                "situation": flag.id in SITUATION,
            }
            for flag in catalogue.red_flags.values()
        },
        "languages": {
            language.code: {
                "called": list(language.called),
                "irregular": language.irregular,
                "negation_words": list(language.negation_words),
                "negation_reach": language.negation_reach,
                "framing": language.framing,
            }
            for language in catalogue.languages.values()
        },
    }


def simplified_characters() -> dict[str, str]:
    """Return the traditional characters whose simplified form is one other character."""
    from opencc import OpenCC  # Needed for training only.

    converter = OpenCC("t2s")
    characters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    pairs = ((character, converter.convert(character)) for character in characters)
    return {old: new for old, new in pairs if old != new and len(new) == 1}


@dataclass(frozen=True)
class _Text:
    """A sample as training sees it: read once, used in every fold."""

    sample: Sample
    features: Counter[str]
    flags: frozenset[str]
    framing: frozenset[str]
    language: str


def _learn_from(reader: Reader, sample: Sample) -> _Text:
    reading = reader(sample.text)
    flags = frozenset(match.key for match in reading.flags)
    language = language_of(sample.text)
    return _Text(sample, reading.features(), flags, reading.framing, language)


def _fit_scam(plan: Artefact, texts: Sequence[_Text]) -> Artefact:
    """Fit only what calibration needs."""
    vocabulary = Vocabulary.fit(
        [text.features for text in texts], least=_LEAST_FREQUENCY, doubt=_DOUBT
    )
    matrix = sparse_matrix(vocabulary, [text.features for text in texts])
    head = _head(matrix, [text.sample.scam for text in texts], strength=_STRENGTH)
    return replace(
        plan,
        knowledge=_with_measured_weights(plan.knowledge, texts),
        vocabulary=vocabulary,
        heads={"scam": head},
    )


def _fit(
    plan: Artefact, texts: Sequence[_Text], about: Sequence[tuple[Counter[str], str]]
) -> Artefact:
    fitted = _fit_scam(plan, texts)
    matrix = sparse_matrix(fitted.vocabulary, [text.features for text in texts])
    samples = [text.sample for text in texts]
    named = [at for at, sample in enumerate(samples) if sample.script]
    flags = [at for at, sample in enumerate(samples) if sample.flag]
    heads = {
        **fitted.heads,
        "script": naming_head(
            matrix[named],
            [str(samples[at].script) for at in named],
            sparse_matrix(fitted.vocabulary, [features for features, _ in about]),
            [script for _, script in about],
        ),
        "flag": _centroids(matrix[flags], [str(samples[at].flag) for at in flags]),
    }
    return replace(fitted, heads=heads)


def _with_measured_weights(knowledge: dict[str, Any], texts: Sequence[_Text]) -> dict[str, Any]:
    """Lower the authors' weights of red flags that honest texts show as well.

    A red flag weighs what it was given, but no more than the logarithm of how much more often it
    occurs in scams than in honest texts.
    """
    scams, honest = Counter[str](), Counter[str]()
    for text in texts:
        (scams if text.sample.scam else honest).update(text.flags)
    all_scams = sum(text.sample.scam for text in texts)
    all_honest = len(texts) - all_scams
    measured = {}
    for flag_id, flag in knowledge["red_flags"].items():
        in_scams = (scams[flag_id] + 0.5) / (all_scams + 1)
        in_honest = (honest[flag_id] + 0.5) / (all_honest + 1)
        weight = min(flag["weight"], max(0.0, math.log(in_scams / in_honest)))
        measured[flag_id] = {**flag, "measured": round(weight, 3)}
    return {**knowledge, "red_flags": measured}


def _head(matrix: Any, labels: Sequence[Any], *, strength: float) -> LinearHead:
    """Fit one logistic regression; two classes become one column (the log odds of ``True``)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=strength, class_weight="balanced", max_iter=2000, tol=_TOLERANCE, random_state=_SEED
    )
    model.fit(matrix, [str(label) for label in labels])
    names = [str(model.classes_[1])] if len(model.classes_) == 2 else list(model.classes_)
    weights = np.ascontiguousarray(model.coef_.T, dtype=np.float16)
    return LinearHead(tuple(names), weights, np.asarray(model.intercept_, dtype=np.float32))


def _centroids(matrix: Any, labels: Sequence[str]) -> LinearHead:
    """Return the mean example of each label; enough to tell the red flags of one script apart."""
    names = sorted(set(labels))
    sums = np.zeros((matrix.shape[1], len(names)), dtype=np.float32)
    for row, label in zip(matrix, labels, strict=True):
        sums[row.indices, names.index(label)] += row.data
    weights = (sums / np.linalg.norm(sums, axis=0)).astype(np.float16)
    return LinearHead(tuple(names), weights, np.zeros(len(names), dtype=np.float32))


def _calibrate(plan: Artefact, texts: Sequence[_Text]) -> dict[str, Calibration]:
    """Learn the last decision of each language from predictions made out of fold."""
    order = list(range(len(texts)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 - folds, not secrets
    rows: dict[str, list[list[float]]] = defaultdict(list)
    truth: dict[str, list[bool]] = defaultdict(list)
    for fold in range(_FOLDS):
        held_out = set(order[fold::_FOLDS])
        recogniser = Recogniser(_fit_scam(plan, [texts[at] for at in order if at not in held_out]))
        for text in (texts[at] for at in sorted(held_out)):
            if text.sample.whole:
                signals = recogniser.signals(text.features, text.flags, text.framing)
                rows[text.language].append([signals[name] for name in SIGNALS])
                truth[text.language].append(text.sample.scam)
    return {code: _calibration(rows[code], truth[code]) for code in sorted(rows)}


def _calibration(rows: Sequence[Sequence[float]], truth: Sequence[bool]) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    signals, scams = np.asarray(rows), np.asarray(truth)
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    model.fit(signals, scams)
    honest = model.predict_proba(signals[~scams])[:, 1]
    return Calibration(
        weights=dict(zip(SIGNALS, map(float, model.coef_[0]), strict=True)),
        bias=float(model.intercept_[0]),
        thresholds={
            level: float(np.quantile(honest, 1 - share)) for level, share in _FALSE_WARNINGS.items()
        },
    )


def sparse_matrix(vocabulary: Vocabulary, features: Sequence[Counter[str]]) -> Any:
    """Return the texts as a SciPy matrix of shape ``(texts, features)``."""
    from scipy.sparse import csr_matrix

    rows = [vocabulary.vector(counts) for counts in features]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), len(vocabulary.index)))


def training_summary(samples: Sequence[Sample]) -> Mapping[str, int]:
    """Return how many texts of each kind were learned from."""
    return {
        "scam reports": sum(s.scam and s.whole for s in samples),
        "red-flag sentences": sum(s.scam and not s.whole for s in samples),
        "honest texts": sum(not s.scam for s in samples),
    }
