"""Imports point one way: an edge knows the inside, the inside knows no edge."""

from __future__ import annotations

import pytest

from tests.architecture.imports import imports, modules

EDGES = ("actions", "bot.gateway", "bot.console", "bot.worker", "bot.cli")
#: They start the edges, as processes or as commands, and so name some of them.
STARTERS = ("bot.cli", "bot.cli_widget", "bot.supervisor", "bot.engine_tools", "bot.training")
#: What only an edge may know: Rasa, the web, the command line.
OUTSIDE = ("rasa", "rasa_sdk", "fastapi", "starlette", "uvicorn", "httpx", "requests", "typer")


def test_recognition_knows_nothing_of_ours_but_the_errors() -> None:
    allowed = ("bot.recognition", "bot.errors")
    assert breaches("bot.recognition", ours_except(allowed)) == []


def test_nlu_knows_nothing_of_ours_but_recognition_and_the_errors() -> None:
    allowed = ("bot.nlu", "bot.recognition", "bot.errors")
    assert breaches("bot.nlu", ours_except(allowed)) == []


@pytest.mark.parametrize(
    "package",
    [
        *("bot.casework", "bot.recovery", "bot.counsel", "bot.contact_cards", "bot.provenance"),
        *("bot.education", "bot.payment_requests"),
    ],
)
def test_inside_knows_neither_rasa_nor_the_web_nor_an_edge(package: str) -> None:
    assert breaches(package, (*OUTSIDE, *EDGES)) == []


def test_casework_asks_nothing_of_recognition() -> None:
    assert breaches("bot.casework", ("bot.recognition", "bot.nlu", "bot.counsel")) == []


def test_recognition_needs_neither_rasa_nor_the_web_nor_the_database() -> None:
    assert breaches("bot.recognition", (*OUTSIDE, "sqlalchemy", "pydantic")) == []


def test_only_the_graph_components_know_rasa() -> None:
    found = [one for one in imports() if within(one.imported, ("rasa",))]
    assert [one.place for one in found if not within(one.importer, ("bot.nlu",))] == []


def test_only_the_actions_know_the_action_sdk() -> None:
    found = [one for one in imports() if within(one.imported, ("rasa_sdk",))]
    assert [one.place for one in found if not within(one.importer, ("actions",))] == []


def test_nothing_imports_an_edge_but_the_edge_itself_and_the_command_line() -> None:
    found = [
        f"{one.place} imports {one.imported}"
        for one in imports()
        for edge in EDGES
        if within(one.imported, (edge,))
        and not within(one.importer, (edge,))
        and not within(one.importer, STARTERS)
    ]
    assert found == []


def test_edges_do_not_know_one_another() -> None:
    found = [
        f"{one.place} imports {one.imported}"
        for one in imports()
        for edge in ("actions", "bot.gateway", "bot.console", "bot.worker")
        if within(one.importer, (edge,))
        and within(one.imported, tuple(other for other in EDGES if other != edge))
    ]
    assert found == []


def test_environment_is_read_in_one_place() -> None:
    """Other modules may pass the environment on to a process, but take no setting from it."""
    readers = {one.importer for one in imports() if one.imported == "pydantic_settings"}
    assert readers == {"bot.settings"}


def test_every_module_is_looked_at() -> None:
    assert {"bot.recognition.recogniser", "actions.casefile", "bot.gateway.api"} <= modules()


def breaches(package: str, forbidden: tuple[str, ...], *, but: str = "") -> list[str]:
    """Return the imports of a package, all but one module of it, that lead where they must not."""
    return [
        f"{one.place} imports {one.imported}"
        for one in imports()
        if within(one.importer, (package,)) and one.importer != but
        if within(one.imported, forbidden)
    ]


def ours_except(allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return all modules of ours but some packages."""
    return tuple(name for name in modules() if not within(name, allowed) and name not in ("bot",))


def within(name: str, packages: tuple[str, ...]) -> bool:
    """Tell whether a module is one of some packages or inside them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)
