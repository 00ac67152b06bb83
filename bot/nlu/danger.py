"""Danger first: what recognition saw may overrule what the customer seemed to be doing."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.recognition.assessment import WARNED

#: Intents that a story of a scam must never be taken for.
_HARMLESS = frozenset(
    [
        "ask_banking",
        "dont_know",
        "goodbye",
        "greet",
        "nlu_fallback",
        "out_of_scope",
        "small_talk",
        "thank",
        "who_are_you",
        "is_fine",
        "ask_honest_way",
        "change_language",
    ]
)
_BY_EXPOSURE = {"paid": "has_paid", "disclosed": "gave_secret"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerFirst(GraphComponent):
    """Makes the intent agree with a warning; stands after the classifier and the fallback."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> DangerFirst:
        """Make the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Overrule harmless intents of messages that tell of a scam."""
        for message in messages:
            assessment = message.get("assessment")
            if assessment and assessment["level"] in WARNED:
                self._overrule(message, assessment["exposure"])
        return messages

    def _overrule(self, message: Message, exposure: str) -> None:
        intent = message.get(INTENT) or {}
        name = intent.get("name")
        if name in _HARMLESS or name is None:
            name = "tell_of_call"
        if name in ("tell_of_call", "called_again", "ask_what_next", "doubts_us"):
            name = _BY_EXPOSURE.get(exposure, name)
        if name != intent.get("name"):
            message.set(INTENT, {"name": name, "confidence": 1.0}, add_to_output=True)
