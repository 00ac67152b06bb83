"""``secondvoice widget``: what a bank pastes into its pages."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.settings import get_settings


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(widget)


def widget(
    bank: Annotated[str, typer.Argument(help="The bank's id in the file of embedding pages.")],
    language: Annotated[str, typer.Option(help="Language of the line without scripts.")] = "en",
) -> None:
    """Print the script tag for a bank's pages, with the digest of the loader."""
    from bot.bank import load_bank
    from bot.gateway.embedding import load_embedding
    from bot.gateway.widget import snippet

    settings = get_settings()
    typer.echo(
        snippet(
            bank,
            embedding=load_embedding(settings.embedding_file),
            bank=load_bank(settings.bank_file),
            address=settings.effective_public_url,
            language=language,
        )
    )
