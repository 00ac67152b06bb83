"""``secondvoice scripts docs``: the scam scripts as a page for people, made from their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.recognition.catalogue import Catalogue, RedFlag, ScamScript

_HEAD = """# The scam scripts

What recognition knows of each scam: the caller's plan step by step, the red flags and why they are
some, the honest calls that resemble it, and where the knowledge comes from. This page is made from
`scam_scripts/`; write it anew with `secondvoice scripts docs`.

A source is marked by how it was seen: **R** read in the source itself, **S** an excerpt of a public
page, **M** general knowledge of the matter. Weights run from 1 to 5.
"""


def script_page(catalogue: Catalogue) -> str:
    """Return the page.

    Args:
        catalogue: All scam scripts in force.
    """
    languages = list(catalogue.languages)
    scripts = list(catalogue.scripts.values())
    lines = [_HEAD, *_contents(scripts, languages)]
    lines += ["", "## Red flags that many scripts share", ""]
    lines += _flag_table(catalogue.shared.values(), languages)
    for script in scripts:
        lines += _script(script, catalogue.shared, languages)
    return "\n".join(lines) + "\n"


def _contents(scripts: Sequence[ScamScript], languages: Sequence[str]) -> Iterator[str]:
    yield from _table_head(["script", *languages, "stages", "status", "reviewed"])
    for script in scripts:
        titles = [script.title[code] for code in languages]
        link = f"[`{script.id}`](#{script.id})"
        yield _row([link, *titles, str(len(script.stages)), script.status, script.reviewed])


def _script(
    script: ScamScript, shared: Mapping[str, RedFlag], languages: Sequence[str]
) -> Iterator[str]:
    # The id alone is the heading, so that a link to it needs no rule for spaces and Chinese.
    yield from ("", f"## {script.id}", "")
    yield f"**{_all(script.title, languages)}** ({script.status}, reviewed {script.reviewed})"
    yield ""
    for code in languages:
        yield f"- {script.summary[code]}"
    yield from ("", "### Stages", "")
    yield from _table_head(["step", "stage", "red flags", "what the caller says next"])
    for step, stage in enumerate(script.stages, start=1):
        flags = ", ".join(f"`{flag_id}`" for flag_id in stage.red_flags)
        names, coming = _all(stage.name, languages), _all(stage.next, languages, "<br>")
        yield _row([str(step), names, flags, coming])
    yield from ("", "### Red flags", "")
    yield from _flag_table(script.red_flags, languages)
    used = [f"`{flag}` ({script.weights[flag]:g})" for flag in script.weights if flag in shared]
    if used:
        yield from ("", f"Shared red flags with their weight here: {', '.join(used)}.")
    yield from ("", "### Look-alikes", "")
    for look_alike in script.look_alikes:
        title, tell = _all(look_alike.title, languages), _all(look_alike.tell, languages, " ")
        yield f"- **{title}**: {tell}"
    yield from ("", "### Sources", "")
    for source in script.sources:
        seen = f"seen {source['seen']}, {source['confidence']}"
        yield f"- {source['publisher']}: {source['what']} ({seen})"


def _flag_table(flags: Iterable[RedFlag], languages: Sequence[str]) -> Iterator[str]:
    yield from _table_head(["red flag", "weight", "why"])
    for flag in flags:
        yield _row([f"`{flag.id}`", f"{flag.weight:g}", _all(flag.why, languages, "<br>")])


def _table_head(columns: Sequence[str]) -> list[str]:
    return [_row(columns), _row(["---"] * len(columns))]


def _row(cells: Sequence[str]) -> str:
    plain = (" ".join(cell.replace("|", "\\|").split()) for cell in cells)
    return f"| {' | '.join(plain)} |"


def _all(words: Mapping[str, str], languages: Sequence[str], between: str = " · ") -> str:
    return between.join(words[code] for code in languages)
