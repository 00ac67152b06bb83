"""Rasa graph components: thin wrappers over ``bot.recognition``; they run in the engine only."""

from bot.nlu import answer_schema

answer_schema.install()
