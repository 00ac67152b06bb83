"""Customers reach Rasa through the gateway alone: none of its own messengers is switched on."""

from __future__ import annotations

import yaml

from bot.settings import PROJECT_ROOT


def test_the_only_channel_of_rasa_is_the_one_that_the_gateway_uses() -> None:
    text = (PROJECT_ROOT / "credentials.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {"rest": None}
