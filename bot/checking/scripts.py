"""``secondvoice scripts check``: every problem of the scam scripts and of their tests, at once."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.errors import DataError
from bot.recognition.catalogue import Catalogue, load_catalogue
from bot.recognition.unfinished import unfinished

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_scripts(root: Path) -> Catalogue:
    """Return the catalogue of a project, when there is no problem with it.

    Args:
        root: The project's folder.

    Raises:
        DataError: With all problems of all files, each as ``path: problem``.
    """
    problems: list[str] = []
    catalogue = None
    try:
        catalogue = load_catalogue(
            root / "scam_scripts",
            ordinary_folder=root / "speech" / "ordinary",
            intents_folder=root / "data" / "nlu",
        )
    except DataError as error:
        problems += error.problems
    problems += _test_problems(root / "tests" / "scripts", catalogue)
    if problems or catalogue is None:
        raise DataError(problems)
    return catalogue


def _test_problems(folder: Path, catalogue: Catalogue | None) -> list[str]:
    """Return what is wrong with the tests; a product that is served has none, and needs none."""
    if not folder.exists():
        return []
    problems: list[str] = []
    for path in sorted(folder.glob("*/*.yml")):
        try:
            with path.open("rb") as file:
                document = yaml.load(file, Loader=_LOADER)  # noqa: S506 - the safe loader in C
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(f"{path}: is not valid YAML: {' '.join(str(error).split())}")
            continue
        if not isinstance(document, dict) or set(document) != {"caught", "left_alone"}:
            problems.append(f"{path}: document: must have `caught` and `left_alone`")
        problems += [f"{path}: {problem}" for problem in unfinished(document)]
    for script_id in catalogue.scripts if catalogue else ():
        for language in catalogue.languages if catalogue else ():
            path = folder / language / f"{script_id}.yml"
            if not path.exists():
                problems.append(f"{path}: is missing; write what {script_id} must catch")
    return problems
