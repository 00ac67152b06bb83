"""The recogniser as a step of a spaCy pipeline, for Rasa and for a bank's own pipelines.

``nlp = pipeline("zh", recogniser)`` gives a blank pipeline with this one step; a pipeline that
exists already gets it by ``nlp.add_pipe("scam_recogniser")``. Each document then carries its red
flags as spans (``doc.spans["red_flags"]``, labelled with their ids) and the whole assessment
(``doc._.assessment``).

The command line leaves spaCy out: importing it takes longer than reading a text.
"""

# spaCy reads the annotations of factories as they are; strings would mean nothing to it.
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.recognition.artefact import DEFAULT_PATH
from bot.recognition.recogniser import Recogniser

SPANS = "red_flags"
"""Name of the span group that holds the red flags."""


def pipeline(language: str, recogniser: Recogniser) -> Language:
    """Return a blank pipeline of a language that assesses its documents.

    Args:
        language: Language code that spaCy and the recogniser know, such as ``en`` or ``zh``.
        recogniser: What assesses.
    """
    nlp = spacy.blank(language)
    # Given as it is: a pipeline that was made in code needs no path to read it from.
    nlp.add_pipe("scam_recogniser", config={"artefact": None}).recogniser = recogniser
    return nlp


class ScamRecogniser:
    """Assesses documents.

    Args:
        recogniser: What assesses; None reads the trained artefact at the first document.
        path: Where the artefact is.
        language: Language code of the documents.
    """

    def __init__(self, recogniser: Recogniser | None, *, path: Path, language: str) -> None:
        self.recogniser = recogniser
        self._path = path
        self._language = language

    def __call__(self, doc: Doc) -> Doc:
        """Add the assessment and the spans; a flag that starts inside a token widens to it."""
        if self.recogniser is None:
            self.recogniser = Recogniser.load(self._path)
        assessment = self.recogniser.assess(doc.text, language=self._language)
        doc._.assessment = assessment
        doc.spans[SPANS] = [
            doc.char_span(flag.start, flag.end, label=flag.id, alignment_mode="expand")
            for flag in assessment.red_flags
        ]
        return doc


@Language.factory("scam_recogniser", default_config={"artefact": None})  # type: ignore[untyped-decorator]
def make_scam_recogniser(nlp: Language, name: str, artefact: str | None) -> ScamRecogniser:  # noqa: ARG001  # signature of spaCy
    """Make the step; ``artefact`` is the path of the trained artefact, None for the usual one."""
    path = Path(artefact) if artefact else DEFAULT_PATH
    return ScamRecogniser(None, path=path, language=nlp.lang)


if not Doc.has_extension("assessment"):
    Doc.set_extension("assessment", default=None)
