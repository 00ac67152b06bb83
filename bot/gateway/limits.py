"""How many messages are welcome: per conversation, per network address, per bank, in all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.errors import ConfigurationError, LimitExceededError
from bot.settings import Settings


class Limits:
    """Moving-window limits in memory.

    Args:
        settings: Carries the numbers, such as ``30/minute``.
        bank: The bank's key.

    Raises:
        ConfigurationError: A number is not of that form.
    """

    def __init__(self, settings: Settings, *, bank: str = "") -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._conversation = _parsed("limit_conversation", settings.limit_conversation)
        self._address = _parsed("limit_address", settings.limit_address)
        # What one bank's customers write must not use up what others are owed.
        self._together = [
            (_parsed("limit_bank", settings.limit_bank), ("bank", bank)),
            (_parsed("limit_total", settings.limit_total), ("total",)),
        ]
        self._polls = _parsed("limit_polls", settings.limit_polls)
        self._polls_address = _parsed("limit_polls_address", settings.limit_polls_address)

    def count_message(self, *, conversation: str, address: str) -> None:
        """Count one message.

        Raises:
            LimitExceededError: One of the limits is reached; nothing was counted.
        """
        self._count(
            [
                (self._conversation, ("conversation", conversation)),
                (self._address, ("address", address)),
                *self._together,
            ]
        )

    def count_start(self, *, address: str) -> None:
        """Count the start of one conversation, which costs what a message costs.

        Raises:
            LimitExceededError: A limit is reached; nothing was counted.
        """
        self._count([(self._address, ("address", address)), *self._together])

    def count_check(self, *, address: str) -> None:
        """Count one text to check, which costs what a message costs.

        Raises:
            LimitExceededError: A limit is reached; nothing was counted.
        """
        self._count([(self._address, ("address", address)), *self._together])

    def count_poll(self, *, conversation: str, address: str) -> None:
        """Count one look for new messages, which uses up none of the customer's own.

        Raises:
            LimitExceededError: A limit is reached; nothing was counted.
        """
        self._count(
            [
                (self._polls, ("polls", conversation)),
                (self._polls_address, ("polls_address", address)),
            ]
        )

    def _count(self, items: Sequence[tuple[RateLimitItem, tuple[str, ...]]]) -> None:
        # All are tested before any is counted, so that a refused message uses nothing up.
        for item, keys in items:
            if not self._limiter.test(item, *keys):
                reset = self._limiter.get_window_stats(item, *keys).reset_time
                raise LimitExceededError(
                    f"More messages than the {keys[0]} limit of {item}.",
                    retry_after=max(1.0, reset - time.time()),
                )
        for item, keys in items:
            self._limiter.hit(item, *keys)


def client_address(
    peer: str | None, forwarded_for: Iterable[str], *, trusted_proxies: Iterable[str]
) -> str:
    """Return the address that a request is counted under.

    The chain of ``X-Forwarded-For`` is walked from its end for as long as the speaker is a proxy
    we trust; anything in front of that was written by a stranger. An IPv6 address counts as its
    /64 network, which is what one household has.

    Args:
        peer: Address of the connection itself.
        forwarded_for: The values of the ``X-Forwarded-For`` headers in order.
        trusted_proxies: Addresses or networks (CIDR) of our own proxies.
    """
    networks = [ip_network(proxy, strict=False) for proxy in trusted_proxies]
    chain = [part.strip() for value in forwarded_for for part in value.split(",")]
    address = peer or "unknown"
    while chain and _is_in(address, networks):
        candidate = chain.pop()
        if not _is_address(candidate):
            break
        address = candidate
    return _household(address)


def _is_in(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _household(address: str) -> str:
    if not _is_address(address) or ip_address(address).version == 4:
        return address
    return str(ip_network(f"{address.split('%')[0]}/64", strict=False))


def _parsed(name: str, text: str) -> RateLimitItem:
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigurationError(
            f'SECONDVOICE_{name.upper()}: "{text}" is not a limit; write it like 30/minute.'
        ) from error
