"""No escalation is lost, whatever is killed, and whenever."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.settings import get_settings
from bot.training import recogniser_path, train_what_is_stale
from tests.casework.databases import postgresql_required
from tests.faults.cluster import MISSING, programs
from tests.faults.experiment import Result, run

SEED = 20240314
#: On SQLite there is no server to kill; what is left to learn shows in fewer conversations.
CONVERSATIONS = {"postgresql": 500, "sqlite": 150}


@pytest.fixture(scope="module", autouse=True)
def trained() -> None:
    """Take the recogniser as it is: whether it is fresh is the affair of `make test`."""
    if not recogniser_path(get_settings()).exists():
        train_what_is_stale(get_settings())


def counted(database: str) -> Result:
    # Not a folder of pytest's, which the database's user could not enter.
    with TemporaryDirectory(prefix="secondvoice-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        result = run(database, folder, conversations=CONVERSATIONS[database], seed=SEED)
    print("\n".join(["", f"{database}, seed {SEED}", *result.lines()]))
    return result


@pytest.mark.timeout(600)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_customers_escalation_is_lost_while_everything_is_killed(database: str) -> None:
    if database == "postgresql" and programs() is None:
        if postgresql_required():
            pytest.fail(f"SECONDVOICE_TEST_REQUIRE names it, but {MISSING}", pytrace=False)
        pytest.skip(MISSING)
    result = counted(database)
    assert result.escalations_lost == 0
    assert result.messages_not_sent == 0
    assert result.duplicates_with_other_keys == 0
    assert result.customers_unanswered == 0
    # The run must have been as hard as it claims.
    assert result.escalations == CONVERSATIONS[database]
    assert result.requests_failed > result.requests / 5
    assert result.kills_of_the_worker > 0
    assert result.kills_of_the_action_server > 0
    assert database == "sqlite" or result.kills_of_the_database > 0
