"""Starts, watches and stops all parts of the product under one command."""

from bot.supervisor.parts import Part, all_parts, newest_model, rasa_part, settings_environment
from bot.supervisor.run import run
from bot.supervisor.supervisor import Supervisor
from bot.supervisor.watched import GivenUpError, Pace

__all__ = [
    "GivenUpError",
    "Pace",
    "Part",
    "Supervisor",
    "all_parts",
    "newest_model",
    "rasa_part",
    "run",
    "settings_environment",
]
