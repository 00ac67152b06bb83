"""Rasa's own command line, told to compare intents and actions but no entities.

Every message carries its language and its red flags as entities. They overlap, which the test
format of Rasa cannot say, and which red flags a sentence shows is the matter of ``tests/scripts``.
Runs in the engine environment: ``python -m tests.conversations.rasa_without_entities test core``.
"""

from __future__ import annotations

from rasa.__main__ import main
from rasa.core.test import EvaluationStore


def _no_mismatch(_store: EvaluationStore) -> bool:
    return False


EvaluationStore._check_entity_prediction_target_mismatch = _no_mismatch

if __name__ == "__main__":
    main()
