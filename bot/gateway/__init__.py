"""The edge that customers meet: chat API, chat page, privacy, limits, and the way to Rasa."""
