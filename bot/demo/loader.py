"""Loading the demo bank through the same importer that a real bank uses."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from bot.casework.importing import (
    ImportResult,
    import_branches,
    import_customers,
    import_managers,
)

DEMO_DIR = Path(__file__).parent


def load_demo(session: Session) -> dict[str, ImportResult]:
    """Load or refresh the demo bank; a second call changes nothing.

    Args:
        session: The open session; the caller commits.

    Returns:
        The result of each table.
    """
    return {
        "branches": import_branches(session, DEMO_DIR / "branches.csv"),
        "managers": import_managers(session, DEMO_DIR / "managers.csv"),
        "customers": import_customers(session, DEMO_DIR / "customers.csv"),
    }
