"""The project's one tree of errors: each message says what, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable


class SecondVoiceError(Exception):
    """Base of every error that this project raises on purpose."""


class ConfigurationError(SecondVoiceError):
    """A setting or a configuration file cannot be used."""


class DataError(SecondVoiceError):
    """Input data is not as it must be; carries *all* problems, each as ``path: problem``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotFoundError(SecondVoiceError):
    """Something that was named does not exist."""


class ConflictError(SecondVoiceError):
    """The change contradicts what is already recorded."""


class ModelError(SecondVoiceError):
    """The trained artefact is missing, stale or of another version."""


class SignatureError(SecondVoiceError):
    """A signed token is forged, expired or meant for another purpose."""


class ExpiredError(SignatureError):
    """A token that we did sign is too old."""


class LimitExceededError(SecondVoiceError):
    """Too many requests.

    Args:
        retry_after: Seconds until the next request is welcome.
    """

    def __init__(self, message: str, *, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class DeliveryError(SecondVoiceError):
    """A message could not be delivered this time.

    Args:
        retry_after: Seconds that the receiver asked us to wait, if it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class UndeliverableError(DeliveryError):
    """A message can never be delivered, however often it is tried."""


class BlockedError(UndeliverableError):
    """The chat's owner wants nothing of us, or the chat does not exist any more."""


class UnavailableError(SecondVoiceError):
    """A part that is needed for the answer (Rasa, the action server, the database) is down."""
