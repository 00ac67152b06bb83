"""The worker: does the chores and delivers what is due, at least once, for as long as it runs."""

from bot.worker.loop import Worker
from bot.worker.retries import Retries

__all__ = ["Retries", "Worker"]
