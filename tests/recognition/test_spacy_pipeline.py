"""The recogniser as a step of spaCy's pipelines."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recognition import Recogniser
from bot.recognition.artefact import DEFAULT_PATH
from bot.recognition.pipeline import SPANS, pipeline

TEXTS = {
    "en": "He says I owe 380,000, the bank will sue me today, and I must not tell anybody.",
    "zh": "他说我信用卡欠了38万，银行今天就要起诉我，还叫我不要告诉任何人。",
}


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


@pytest.mark.parametrize("language", TEXTS)
def test_document_carries_the_assessment_and_the_red_flags_as_spans(
    recogniser: Recogniser, language: str
) -> None:
    doc = pipeline(language, recogniser)(TEXTS[language])
    alone = recogniser.assess(TEXTS[language], language=language)
    assert doc._.assessment.to_dict() == alone.to_dict()
    spans = doc.spans[SPANS]
    assert [span.label_ for span in spans] == [flag.id for flag in alone.red_flags]
    assert len(spans) > 0
    for span, flag in zip(spans, alone.red_flags, strict=True):
        assert TEXTS[language][flag.start : flag.end] in span.text


def test_step_is_added_to_a_pipeline_that_exists(recogniser: Recogniser) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("scam_recogniser", config={"artefact": str(DEFAULT_PATH)})
    assert nlp(TEXTS["en"])._.assessment.level == recogniser.assess(TEXTS["en"]).level


@given(st.text(max_size=200), st.sampled_from(sorted(TEXTS)))
@settings(max_examples=60, deadline=None)
def test_any_text_passes_through(text: str, language: str) -> None:
    nlp = _PIPELINES.setdefault(language, pipeline(language, Recogniser.load()))
    doc = nlp(text)
    assert doc.text == text
    assert doc._.assessment is not None


_PIPELINES: dict[str, spacy.language.Language] = {}
