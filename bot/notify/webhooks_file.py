"""Reading the file that names the bank's webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ConfigurationError
from bot.notify.addresses import Network
from bot.notify.webhook import Webhook

LEAST_KEY_CHARACTERS = 32
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
# The Rasa process, which needs no key of ours, is not given variables of this form.
_VARIABLE = re.compile(r"SECONDVOICE_[A-Z0-9_]*KEY")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    key_variable: str = ""
    key_file: Path | None = None
    networks: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = ()
    webhooks: dict[str, _Entry] = {}


def load_webhooks(path: Path, *, variable: Callable[[str], str]) -> dict[str, Webhook]:
    """Read the webhooks, with their keys.

    Args:
        path: The YAML file; one that does not exist names no webhooks.
        variable: Returns the value of a variable of the environment, empty where it is not set.

    Raises:
        ConfigurationError: Carries every problem of the file; no key is in it.
    """
    if not path.exists():
        return {}
    try:
        content = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {_what_is_wrong(error)}") from None
    problems: list[str] = []
    hosts = {host.lower() for host in content.hosts}
    found = {}
    for name, entry in content.webhooks.items():
        place = f"{path}: webhooks.{name}"
        wrong = _problems_of(name, entry, hosts)
        networks = _networks(entry, wrong)
        key = _key(entry, path.parent, variable, wrong)
        problems += [f"{place}: {problem}" for problem in wrong]
        found[name] = Webhook(name=name, url=entry.url, key=key, networks=networks)
    if problems:
        raise ConfigurationError("\n".join(problems))
    return found


def _problems_of(name: str, entry: _Entry, hosts: set[str]) -> list[str]:
    wrong = []
    if not _NAME.fullmatch(name):
        wrong.append("a name is lower-case letters, digits, hyphens and underscores")
    try:
        url = urlsplit(entry.url)
        _ = url.port
    except ValueError:
        return [*wrong, "url cannot be read"]
    if url.scheme not in ("https", "http") or not url.hostname:
        wrong.append("url must begin with https:// and a host")
    elif url.hostname.lower() not in hosts:
        wrong.append(f'the host "{url.hostname}" is not in "hosts"; add it there if it is right')
    if url.scheme == "http" and not entry.networks:
        wrong.append("http is only for a receiver on this machine: use https, or name its network")
    if url.username or url.password:
        wrong.append("url holds a user or password; the signature says who is calling")
    return wrong


def _networks(entry: _Entry, wrong: list[str]) -> tuple[Network, ...]:
    found = []
    for written in entry.networks:
        try:
            found.append(ip_network(written))
        except ValueError:
            wrong.append(f'networks: "{written}" is not a network such as 10.20.0.0/16')
    return tuple(found)


def _key(entry: _Entry, folder: Path, variable: Callable[[str], str], wrong: list[str]) -> str:
    if bool(entry.key_variable) == bool(entry.key_file):
        wrong.append("give either key_variable or key_file")
        return ""
    if entry.key_file:
        place = folder / entry.key_file
        try:
            key = place.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            wrong.append(f"key_file {place} cannot be read")
            return ""
    else:
        if not _VARIABLE.fullmatch(entry.key_variable):
            wrong.append("key_variable must begin with SECONDVOICE_ and end with KEY")
            return ""
        key = variable(entry.key_variable)
    if len(key) < LEAST_KEY_CHARACTERS:
        wrong.append(f"the key is missing or has fewer than {LEAST_KEY_CHARACTERS} characters")
    return key


def _what_is_wrong(error: Exception) -> str:
    if isinstance(error, ValidationError):
        # Pydantic would quote what was written, which may be a key in the wrong place.
        return "; ".join(
            f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()
        )
    mark: Any = getattr(error, "problem_mark", None)
    return f"not valid YAML{f' in line {mark.line + 1}' if mark else ''}"


def names_in(webhooks: Mapping[str, Webhook]) -> str:
    """Return the names for a message."""
    return ", ".join(sorted(webhooks)) or "none"
