"""Rasa's check of the action server's answers, with the schema compiled once.

Rasa 3.6 validates every answer with ``jsonschema.validate``, which first checks the schema itself
against the meta-schema: two thirds of a whole turn, spent on a schema that never changes. The same
check with a validator made once finds the same faults.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def install() -> None:
    """Make Rasa's remote actions use the validator that is made once."""
    RemoteAction._validate_action_result = _validate


def _validate(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Check one answer.

    Raises:
        ValidationError: The answer is not of the form that Rasa expects.
    """
    errors = sorted(_validator().iter_errors(result), key=lambda error: list(error.path))
    if errors:
        problem: ValidationError = errors[0]
        problem.message += f". The action server's answer to '{action.name()}' cannot be used."
        raise problem
    return True


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
