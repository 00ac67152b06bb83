"""The experiment at any size: ``python -m tests.faults --conversations 500``."""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.experiment import run


def main() -> int:
    """Run it once and print the counts.

    Returns:
        1 where something was lost, else 0.
    """
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    options.add_argument("--conversations", type=int, default=500)
    options.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311
    chosen = options.parse_args()
    print(f"{chosen.database}, seed {chosen.seed}")
    with TemporaryDirectory(prefix="secondvoice-faults-") as folder:
        Path(folder).chmod(0o755)
        result = run(
            chosen.database, Path(folder), conversations=chosen.conversations, seed=chosen.seed
        )
    print("\n".join(result.lines()))
    return 1 if result.escalations_lost or result.messages_not_sent else 0


if __name__ == "__main__":
    raise SystemExit(main())
