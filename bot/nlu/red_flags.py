"""Adds the language, the assessment and the red flags to each message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.shared import assessor, recogniser_digest
from bot.recognition.language import LANGUAGES, language_in_talk


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RedFlagExtractor(GraphComponent):
    """Wraps the recogniser: ``assessment``, ``language`` and ``red_flag`` entities per message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> RedFlagExtractor:
        """Make the component and read the artefact, so that a missing one is noticed at start."""
        for language in LANGUAGES:
            assessor(language)
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003
        """Make Rasa's cache stale whenever the recogniser was trained anew."""
        return recogniser_digest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Assess each message."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._add(message, text)
        return messages

    def _add(self, message: Message, text: str) -> None:
        language = self._language(message, text)
        assessment = assessor(language)(text)._.assessment
        entities = [
            {
                "entity": "red_flag",
                "value": item.id,
                "start": item.start,
                "end": item.end,
                "extractor": type(self).__name__,
            }
            for item in assessment.red_flags
        ]
        spoken = {
            "entity": "language",
            "value": language,
            "start": 0,
            "end": len(text),
            "extractor": type(self).__name__,
        }
        message.set("assessment", assessment.to_dict(), add_to_output=True)
        message.set(ENTITIES, [*message.get(ENTITIES, []), *entities, spoken], add_to_output=True)

    def _language(self, message: Message, text: str) -> str:
        """Return the language that the gateway found, or find it where there is no gateway."""
        metadata = message.get(METADATA) or {}
        given = metadata.get("language")
        if given in LANGUAGES:
            return str(given)
        return language_in_talk(text, previous=LANGUAGES[0])
