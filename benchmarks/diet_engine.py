"""The part of ``benchmarks.diet`` that runs in the engine's environment: trains and answers."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import sys
import time
from pathlib import Path

import structlog
from rasa.core.agent import Agent
from rasa.model_training import train_nlu


async def answer(work: Path, model: str) -> None:
    """Write the confidence of every intent for every text that is asked."""
    agent = Agent.load(model)
    answers = []
    started = time.monotonic()
    for text in json.loads((work / "asked.json").read_text(encoding="utf-8")):
        parsed = await agent.parse_message(text)
        answers.append({one["name"]: one["confidence"] for one in parsed["intent_ranking"]})
    print(f"{len(answers) / (time.monotonic() - started):.0f} texts a second")
    (work / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def main() -> None:
    """Train in the folder that is given, then answer."""
    work = Path(sys.argv[1])
    # Rasa would print every text that it answers.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    started = time.monotonic()
    model = train_nlu(str(work / "config.yml"), str(work / "nlu.yml"), str(work / "models"))
    print(f"trained in {time.monotonic() - started:.0f} s")
    asyncio.run(answer(work, str(model)))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{most:.0f} MB at most")


if __name__ == "__main__":
    main()
