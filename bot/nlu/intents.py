"""What the customer is doing: a linear model over the examples of ``data/nlu``."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.shared import recogniser, recogniser_digest
from bot.recognition.linear import LinearHead, Vocabulary, softmax
from bot.recognition.training import sparse_matrix

_FILE = "intents.npz"
_RANKING = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent):
    """Classifies intents with the features of the recogniser; trained in about a second."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._vocabulary: Vocabulary | None = None
        self._head: LinearHead | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: how strongly the model follows the examples."""
        return {"strength": 12.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> LinearIntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> LinearIntentClassifier:
        """Read a trained classifier from the model."""
        component = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / _FILE, allow_pickle=False) as arrays,
        ):
            index = {str(name): at for at, name in enumerate(arrays["names"])}
            component._vocabulary = Vocabulary(index, arrays["idf"])
            labels = tuple(map(str, arrays["labels"]))
            component._head = LinearHead(labels, arrays["weights"], arrays["bias"])
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003
        """Make Rasa's cache stale whenever the tokens or their normal forms may have changed."""
        return recogniser_digest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and store plain numbers."""
        from sklearn.linear_model import LogisticRegression

        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        counted = [_features(message.get(TEXT)) for message in examples]
        vocabulary = Vocabulary.fit(counted, least=1)
        model = LogisticRegression(
            C=self._config["strength"], class_weight="balanced", max_iter=300, tol=1e-3
        )
        model.fit(sparse_matrix(vocabulary, counted), [message.get(INTENT) for message in examples])
        self._vocabulary = vocabulary
        self._head = LinearHead(
            tuple(model.classes_),
            np.ascontiguousarray(model.coef_.T, dtype=np.float16),
            np.asarray(model.intercept_, dtype=np.float32),
        )
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        for message in messages:
            if message.get(TEXT) and self._head:
                self._classify(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the examples for components that learn from the outcome."""
        self.process(training_data.training_examples)
        return training_data

    def _classify(self, message: Message) -> None:
        assert self._vocabulary is not None  # noqa: S101 - for the type checker
        assert self._head is not None  # noqa: S101
        vector = self._vocabulary.vector(_features(message.get(TEXT)))
        chances = softmax(self._head.scores(vector))
        order = np.argsort(-chances)[:_RANKING]
        ranking = [
            {"name": self._head.labels[at], "confidence": float(chances[at])} for at in order
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking)

    def _persist(self) -> None:
        assert self._vocabulary is not None  # noqa: S101
        assert self._head is not None  # noqa: S101
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / _FILE,
                names=np.asarray(list(self._vocabulary.index)),
                idf=self._vocabulary.idf,
                labels=np.asarray(self._head.labels),
                weights=self._head.weights,
                bias=self._head.bias,
            )


def _features(text: str) -> Counter[str]:
    return recogniser().features(text)
