"""What the tests of the action server share: services on a copy of the demo bank."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.services import Services
from bot.bank import load_bank
from bot.casework.database import make_engine, migrate, session_factory
from bot.demo import load_demo
from bot.recognition import Recogniser
from bot.settings import Settings
from tests.actions.builders import EVENING


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


@pytest.fixture(scope="module")
def bank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the demo bank, to be copied."""
    path = tmp_path_factory.mktemp("bank") / "bank.db"
    migrate(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    with session_factory(engine).begin() as session:
        load_demo(session)
    engine.dispose()  # The last connection to close writes the log back into the one file.
    return path


@pytest.fixture
def services(tmp_path: Path, bank_file: Path, recogniser: Recogniser) -> Iterator[Services]:
    engine = make_engine(f"sqlite:///{shutil.copy(bank_file, tmp_path)}")
    bank = load_bank(Settings(_env_file=None).bank_file)
    yield Services(session_factory(engine), recogniser, bank, now=lambda: EVENING)
    engine.dispose()
