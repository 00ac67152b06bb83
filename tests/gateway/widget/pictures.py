"""Makes the pictures of docs/pictures: ``python -m tests.gateway.widget.pictures``."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from bank_site import BankSite  # noqa: E402
from gateway_servers import StandInForRasa, free_port, plain_server, running  # noqa: E402
from widget_steps import chat_of, launcher  # noqa: E402

from bot.casework.database import migrate  # noqa: E402
from bot.gateway.app import create_app  # noqa: E402
from bot.gateway.server import make_server  # noqa: E402
from bot.settings import PROJECT_ROOT, Settings  # noqa: E402

FOLDER = PROJECT_ROOT / "docs" / "pictures"
SIZES = {"desktop": (1100, 780), "phone": (390, 780)}
SHOTS = [
    ("desktop", "light", "en"),
    ("desktop", "dark", "zh"),
    ("phone", "light", "zh"),
    ("phone", "dark", "en"),
]
SAID = {
    "en": "A man from the card centre says I owe 380,000 and will be sued today.",
    "zh": "有人自称信用卡中心，说我欠了38万，今天就要起诉我。",
}
ANSWERS = {
    "en": "“Sued today”: a real bank writes to you first. Next he will ask you to "
    "keep it secret. Has he asked you to pay already?",
    "zh": "“今天就要起诉”：真的银行会先寄信给您。他接下来会叫您保密。他已经让您付钱了吗？",
}
BUTTONS = {"en": ["Not yet", "I have paid"], "zh": ["还没有", "已经付了"]}
CARDS = {
    "en": {"name": "Zhou Min", "title": "account manager", "branch": "Riverside, main branch"},
    "zh": {"name": "周敏", "title": "客户经理", "branch": "江畔银行总行营业部"},
}
STYLE = """<style>
:root { color-scheme: light dark; } body { margin: 0;
  font: 17px/1.6 system-ui, "Noto Sans CJK SC"; }
main { max-width: 34rem; padding: 4rem 3rem; } h1 { font-size: 2.2rem; line-height: 1.25; }
a { color: inherit; }
</style>"""


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site, rasa = BankSite(free_port()), StandInForRasa()
        file = Path(folder) / "embedding.yml"
        file.write_text(f'banks: {{riverside: {{origins: ["{site.origin}"]}}}}', encoding="utf-8")
        settings = Settings(
            _env_file=None,
            var_dir=Path(folder),
            rasa_port=free_port(),
            port=free_port(),
            embedding_file=file,
        )
        migrate(settings.effective_database_url)
        gateway = make_server(create_app(settings), settings)
        with (
            running(plain_server(rasa.app, settings.rasa_port)),
            running(plain_server(site.app, site.port)),
            running(gateway),
        ):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for size, scheme, language in SHOTS:
                rasa.reply = answer_in(language)
                body = "<p>Accounts · Payments · Cards</p>"
                site.embed(f"http://127.0.0.1:{settings.port}", head=STYLE, body=body)
                take(browser, site, size=size, scheme=scheme, language=language)
            browser.close()


def answer_in(language: str):  # type: ignore[no-untyped-def]
    """Return what the stand-in for Rasa says."""
    card = {"kind": "manager", "mobile": "+86 101 0000 0011", **CARDS[language]}
    buttons = [{"title": title} for title in BUTTONS[language]]
    return lambda _: [
        {"custom": {"card": card}},
        {"text": ANSWERS[language], "buttons": buttons},
    ]


def take(browser: Browser, site: BankSite, *, size: str, scheme: str, language: str) -> None:
    """Take one picture."""
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page.goto(site.origin)
    page.evaluate("(language) => SecondVoice('setLanguage', language)", language)
    launcher(page).click()
    chat = chat_of(page)
    expect(chat.locator(".reply")).to_have_count(3)
    chat.locator("#text").fill(SAID[language])
    chat.locator("#text").press("Enter")
    expect(chat.locator(".reply")).to_have_count(2)
    chat.locator("#talk").evaluate("(talk) => (talk.scrollTop = talk.scrollHeight)")
    page.wait_for_timeout(900)
    shot = Image.open(io.BytesIO(page.screenshot()))
    target = FOLDER / f"{size}-{scheme}-{language}.png"
    shot.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(target, optimize=True)
    page.close()


if __name__ == "__main__":
    main()
