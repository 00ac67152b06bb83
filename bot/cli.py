"""``secondvoice``: every command, wired to the code that does the work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import (
    cli_cases,
    cli_customers,
    cli_education,
    cli_outbox,
    cli_payments,
    cli_privacy,
    cli_rails,
    cli_widget,
)
from bot.errors import DataError, SecondVoiceError
from bot.settings import PROJECT_ROOT, Settings, get_settings

app = typer.Typer(
    help="Second Voice: the second voice on the line when a caller frightens somebody into paying.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
scripts_app = typer.Typer(help="The catalogue of scam scripts.", no_args_is_help=True)
app.add_typer(scripts_app, name="scripts")
_errors = Console(stderr=True, soft_wrap=True)


def main() -> None:
    """Run a command; what goes wrong on purpose becomes a message and exit code 2."""
    try:
        app()
    except DataError as error:
        for problem in error.problems:
            _errors.print(problem, markup=False, highlight=False)
        sys.exit(2)
    except SecondVoiceError as error:
        _errors.print(f"secondvoice: {error}", markup=False, highlight=False)
        sys.exit(2)


@app.command()
def run(
    demo: Annotated[bool, typer.Option(help="Serve the demo bank, with demo data.")] = False,
) -> None:
    """Start Rasa, the action server, the gateway and the worker."""
    from bot.casework.policy import load_policy
    from bot.supervisor import run as supervise
    from bot.training import train_what_is_stale

    settings = _settings(demo=demo)
    load_policy(settings.escalation_file)  # A bad file must be heard of now, not in an emergency.
    console = Console()
    _prepare_database(settings)
    train_what_is_stale(settings, say=lambda line: console.print(line, highlight=False))
    raise typer.Exit(supervise(settings, console=console))


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False,
) -> None:
    """Train what is stale: the recogniser and Rasa's model."""
    from bot.training import train_what_is_stale

    train_what_is_stale(get_settings(), force=force)


@app.command()
def check(
    texts: Annotated[
        list[str],
        typer.Argument(
            help="Texts, files (txt, csv, jsonl, eml, Telegram's json), or - for input."
        ),
    ],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
    column: Annotated[str | None, typer.Option(help="CSV column that holds the text.")] = None,
    encoding: Annotated[str, typer.Option(help="Of files, such as utf-8 or gb18030.")] = "utf-8",
) -> None:
    """Tell whether texts fit a known scam script, with every reason quoted."""
    from bot.checking.command import check_texts

    if jsonl and as_csv:
        raise typer.BadParameter("--jsonl and --csv exclude each other; give one of them.")
    form = "jsonl" if jsonl else "csv" if as_csv else "readable"
    settings = get_settings()
    raise typer.Exit(
        check_texts(texts, form=form, column=column, encoding=encoding, settings=settings)
    )


@app.command()
def explain(text: Annotated[str, typer.Argument(help="The text.")]) -> None:
    """Show every weight that spoke for or against a scam."""
    from bot.checking.explain import explain_text

    explain_text(text, settings=get_settings(), console=Console())


@app.command(name="eval")
def evaluate(
    confusion: Annotated[
        Path | None, typer.Option(help="Draw which script is named for which, as SVG.")
    ] = None,
) -> None:
    """Measure recognition on labelled texts that training has not seen."""
    from bot.evaluation import evaluate_all

    evaluate_all(get_settings(), console=Console(), confusion=confusion)


Root = Annotated[Path, typer.Option(help="The project's folder.", file_okay=False)]


@scripts_app.command(name="new")
def scripts_new(
    script_id: Annotated[str, typer.Argument(metavar="ID", help="Such as toll_fee.")],
    root: Root = PROJECT_ROOT,
) -> None:
    """Write the files of a new scam script and of its tests, and say what is to be filled in."""
    from bot.checking.scaffold import new_script
    from bot.checking.scripts import check_scripts

    for path in new_script(script_id, root=root, today=date.today()):
        typer.echo(f"{path}: written")
    try:
        check_scripts(root)
    except DataError as error:
        typer.echo("\n".join(["", "To do, as `secondvoice scripts check` says:", *error.problems]))


@scripts_app.command(name="docs")
def scripts_docs(root: Root = PROJECT_ROOT) -> None:
    """Write docs/scam-scripts.md anew from the scam scripts."""
    from bot.checking.script_page import script_page
    from bot.checking.scripts import check_scripts

    page = root / "docs" / "scam-scripts.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(script_page(check_scripts(root)), encoding="utf-8")
    typer.echo(f"{page}: written")


@scripts_app.command(name="check")
def scripts_check(root: Root = PROJECT_ROOT) -> None:
    """Check every scam script and its tests; all problems at once."""
    from bot.checking.scripts import check_scripts

    catalogue = check_scripts(root)
    typer.echo(
        f"{len(catalogue.scripts)} scam scripts, {len(catalogue.red_flags)} red flags, "
        f"{len(catalogue.languages)} languages: no problem found."
    )


@app.command()
def shell() -> None:
    """Talk to the assistant in this terminal, through `rasa shell`."""
    from bot.engine_tools import rasa_shell
    from bot.training import train_what_is_stale

    settings = _settings()
    _prepare_database(settings)
    train_what_is_stale(settings)
    raise typer.Exit(rasa_shell(settings))


@app.command(name="rasa-test")
def rasa_test() -> None:
    """Run Rasa's conversation tests."""
    from bot.engine_tools import conversation_tests
    from bot.training import train_what_is_stale

    train_what_is_stale(get_settings())
    raise typer.Exit(conversation_tests(get_settings()))


@app.command(name="data-validate")
def data_validate() -> None:
    """Check Rasa's domain and training data with `rasa data validate`."""
    from bot.engine_tools import validate_data
    from bot.training import train_what_is_stale

    train_what_is_stale(get_settings())
    raise typer.Exit(validate_data(get_settings()))


@app.command(name="nlu-report")
def nlu_report(
    folds: Annotated[int, typer.Option(min=2, help="Parts of the cross-validation.")] = 5,
) -> None:
    """Measure the intents with `rasa test nlu` and write docs/understanding.md; takes minutes."""
    from bot.training import train_what_is_stale
    from bot.understanding import PAGE, measure_understanding

    train_what_is_stale(get_settings())
    measure_understanding(get_settings(), folds=folds)
    typer.echo(f"{PAGE}: written")


@app.command()
def migrate() -> None:
    """Bring the database to the present form."""
    from bot.casework.database import migrate as bring_up_to_date

    settings = get_settings()
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(settings.effective_database_url)
    typer.echo("The database is up to date.")


def _importing(table: str) -> Callable[[Path], None]:
    def import_file(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    ) -> None:
        from bot.casework import importing

        work = getattr(importing, f"import_{table}")
        if table != "branches":
            from bot.notify.methods import Methods

            work = partial(work, check_method=Methods.from_settings(get_settings()).check)
        result = _in_session(work, file)
        typer.echo(
            f"{file}: {result.created} new, {result.updated} changed, {result.unchanged} as before."
        )

    import_file.__doc__ = f"Load {table} from CSV: all of the file or, with any error, nothing."
    return import_file


for _table in ("branches", "managers", "customers"):
    _table_app = typer.Typer(help=f"The bank's {_table}.", no_args_is_help=True)
    _table_app.command(name="import")(_importing(_table))
    # One command in a group would otherwise lose its name.
    _table_app.callback()(lambda: None)
    app.add_typer(_table_app, name=_table)


app.add_typer(cli_cases.app, name="cases")
cli_customers.register(app)
cli_education.register(cli_customers.education_app)
cli_outbox.register(app)
cli_payments.register(app)
cli_privacy.register(app)
cli_rails.register(app)
cli_widget.register(app)


def _settings(*, demo: bool = False) -> Settings:
    settings = get_settings()
    return settings.model_copy(update={"demo": True}) if demo else settings


def _prepare_database(settings: Settings) -> None:
    from bot.casework.database import migrate as bring_up_to_date
    from bot.demo import load_demo

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(settings.effective_database_url)
    if settings.demo:
        _in_session(lambda session, _: load_demo(session), None, settings=settings)


def _in_session(work, argument, *, settings: Settings | None = None):  # type: ignore[no-untyped-def]
    """Do some work in one transaction: all of it is kept, or none."""
    from bot.casework.database import check_migrated, make_engine, session_factory

    settings = settings or get_settings()
    url = settings.effective_database_url
    check_migrated(url)
    with session_factory(make_engine(url), tiers=settings.tiers).begin() as session:
        return work(session, argument)
