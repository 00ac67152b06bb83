"""The two assistants that are measured: the product, and the starter that Rasa makes itself."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from rich.console import Console

from benchmarks.measure import Measurement, measurement, memory_megabytes, time_turns
from bot.casework.database import migrate
from bot.errors import UnavailableError
from bot.settings import PROJECT_ROOT, Settings
from bot.supervisor import Supervisor, all_parts, newest_model, rasa_part, settings_environment
from bot.supervisor.parts import ENGINE_PYTHON, Part, gateway_url, rasa_environment

READY_SECONDS = 300
ANSWER_SECONDS = 30

OUR_CONVERSATIONS = (
    (
        "Someone from the card centre says I owe 300,000 and they will sue me today.",
        "He wants me to pay in advance from the company account so that he can fix it.",
        "He told me not to hang up and not to tell my manager.",
        "Is this really the bank?",
        "What should I do now?",
    ),
    (
        "刚才有人打电话说我信用卡欠了三十万，银行马上要起诉我。",
        "他让我先用公司账户垫付，说可以帮我摆平。",
        "他叫我不要挂电话，也不要告诉单位的人。",
        "这真的是银行打来的吗？",
        "那我现在该怎么办？",
    ),
    (
        "My daughter's school asks me to pay the fees by transfer, is that normal?",
        "The message came from a number that I do not know.",
        "No, I have not paid anything yet.",
        "Thank you.",
    ),
    (
        "客服说我买的东西有问题，要给我退款。",
        "他要我下载一个软件，共享屏幕。",
        "我还没有给他验证码。",
        "谢谢。",
    ),
)
STARTER_CONVERSATIONS = (
    ("hello", "I am very sad", "yes", "bye"),
    ("hi there", "I feel great", "are you a bot?", "see you later"),
    ("good morning", "not so good", "no", "goodbye"),
)


def measure_product(work: Path, *, turns: int, warm_up: int, console: Console) -> Measurement:
    """Train and serve the product in a folder of its own, and measure its turns.

    Args:
        work: A folder for its models, its database and its log.
        turns: How many turns are timed.
        warm_up: How many turns come before, untimed.
        console: Where the parts' lines go.
    """
    settings = Settings(
        var_dir=work / "var",
        models_dir=work / "models",
        database_url="",
        host="127.0.0.1",
        port=free_port(),
        rasa_port=free_port(),
        actions_port=free_port(),
        demo=True,
        limit_conversation="1000000/minute",
        limit_address="1000000/minute",
        limit_bank="1000000/minute",
        limit_total="1000000/minute",
    )
    env = settings_environment(settings) | {"RASA_CACHE_DIRECTORY": str(work / "cache")}
    voice = Path(sys.executable).with_name("secondvoice")
    training_seconds = timed([str(voice), "train"], env=env, folder=PROJECT_ROOT)
    settings.var_dir.mkdir()
    migrate(settings.effective_database_url)
    customer = _ProductCustomer(gateway_url(settings))
    return _serve_and_measure(
        all_parts(settings),
        lambda: time_turns(
            customer.say, customer.begin, OUR_CONVERSATIONS, turns=turns, warm_up=warm_up
        ),
        training_seconds=training_seconds,
        console=console,
    )


def measure_starter(work: Path, *, turns: int, warm_up: int, console: Console) -> Measurement:
    """Make, train and serve Rasa's starter assistant with its own configuration.

    Args:
        work: A folder for it.
        turns: How many turns are timed.
        warm_up: How many turns come before, untimed.
        console: Where its lines go.
    """
    env = rasa_environment(settings_environment(Settings()), project=work)
    # What `rasa init` writes, without its training, which is timed below by itself.
    scaffold = "from rasa.cli.scaffold import create_initial_project as new; new('.')"
    timed([str(ENGINE_PYTHON), "-c", scaffold], env=env, folder=work)
    training_seconds = timed([str(ENGINE_PYTHON), "-m", "rasa", "train"], env=env, folder=work)
    port = free_port()
    part = rasa_part(port=port, model=newest_model(work / "models"), env=env, project=work)
    customer = _StarterCustomer(f"http://127.0.0.1:{port}")
    return _serve_and_measure(
        (part,),
        lambda: time_turns(
            customer.say, customer.begin, STARTER_CONVERSATIONS, turns=turns, warm_up=warm_up
        ),
        training_seconds=training_seconds,
        console=console,
    )


def timed(command: list[str], *, env: Mapping[str, str], folder: Path) -> float:
    """Run a command to its end; return the seconds it took.

    Raises:
        UnavailableError: It failed; the message has its last lines.
    """
    started = time.perf_counter()
    result = subprocess.run(
        command,
        env=dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode:
        last = result.stdout.decode(errors="replace")[-2000:]
        raise UnavailableError(f"{' '.join(command)} failed ({result.returncode}):\n{last}")
    return time.perf_counter() - started


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve_and_measure(
    parts: tuple[Part, ...],
    talk: Callable[[], list[float]],
    *,
    training_seconds: float,
    console: Console,
) -> Measurement:
    with Supervisor(parts, console=console) as supervisor:
        supervisor.wait_until_ready(seconds=READY_SECONDS)
        seconds = talk()
        return measurement(
            seconds,
            ready_seconds=supervisor.seconds_to_ready("rasa"),
            memory_megabytes=memory_megabytes(supervisor.pid("rasa")),
            training_seconds=training_seconds,
        )


class _ProductCustomer:
    """A customer on the website: speaks to the gateway, in the language of what is said."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=ANSWER_SECONDS, trust_env=False)
        self._conversation = ""

    def begin(self, first_text: str) -> None:
        language = "en" if first_text.isascii() else "zh"
        answer = self._client.post("/api/chat/conversations", json={"language": language})
        answer.raise_for_status()
        self._conversation = answer.json()["conversation"]

    def say(self, text: str) -> None:
        answer = self._client.post(
            "/api/chat/messages", json={"conversation": self._conversation, "text": text}
        )
        answer.raise_for_status()
        body = answer.json()
        if body["degraded"] or not body["messages"]:
            raise UnavailableError(f"No real answer to {text!r}: {body}")


class _StarterCustomer:
    """A customer of the starter: speaks to Rasa's REST channel."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=ANSWER_SECONDS, trust_env=False)
        self._conversations = 0

    def begin(self, _first_text: str) -> None:
        self._conversations += 1

    def say(self, text: str) -> None:
        answer = self._client.post(
            "/webhooks/rest/webhook",
            json={"sender": f"customer-{self._conversations}", "message": text},
        )
        answer.raise_for_status()
        if not answer.json():
            raise UnavailableError(f"No answer to {text!r}.")
