"""Telegram: what customers write to the bot is kept, answered in order, and never lost."""
