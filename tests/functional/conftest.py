from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.functional.running_stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running product; every story opens its own conversation in it."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack
