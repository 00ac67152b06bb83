"""`secondvoice run`: the whole product under one command."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bot.errors import SecondVoiceError
from bot.settings import Settings
from bot.supervisor.log import JoinedLog
from bot.supervisor.parts import all_parts, gateway_url
from bot.supervisor.ports import check_ports, claims
from bot.supervisor.supervisor import Supervisor, log_names


def run(settings: Settings, *, console: Console) -> int:
    """Start all parts, keep them alive and stop them on Ctrl-C or SIGTERM.

    Call it in the main thread.

    Args:
        settings: Handed on to every part as they are, whatever `.env` file lies where.
        console: Where people read.

    Returns:
        The exit code: 0 when it was told to stop, 1 when it could not start.
    """
    try:
        check_ports(claims(settings))
        parts = all_parts(settings)
    except SecondVoiceError as error:
        console.print(Text(f"Second Voice cannot start.\n{error}", style="red"), soft_wrap=True)
        return 1
    log = JoinedLog(
        console, file=settings.var_dir / "log" / "secondvoice.log", names=log_names(parts)
    )
    supervisor = Supervisor(parts, console=console, log=log)
    return supervisor.run(on_ready=lambda: console.print(welcome(settings), soft_wrap=True))


def welcome(settings: Settings) -> Text:
    """Say where to look and what to type first."""
    page = f"{gateway_url(settings)}{'/' if settings.demo else '/chat'}"
    return Text.assemble(
        ("\nSecond Voice is ready. 已经可以使用。\n", "bold green"),
        "Open · 打开：",
        (f"{page}\n", "bold underline"),
        "Type, for example · 可以这样开始：\n",
        "  A man says my credit card owes 300,000 and the bank will sue me today.\n",
        "  有人打电话说我信用卡欠了三十万，今天不还就要起诉我。\n",
        ("Stop with Ctrl-C · 按 Ctrl-C 停止\n", "dim"),
    )
