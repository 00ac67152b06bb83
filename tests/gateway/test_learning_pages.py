"""The pages of lessons and teller cards: for anybody, in both languages, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest

from bot.education import quiz, script_ids, script_of, title_of

Start = Callable[..., httpx.Client]
PATHS = ("/learn", "/learn/refund_service", "/teller-cards", "/teller-cards/refund_service")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("folder", ["learn", "teller-cards"])
def test_list_leads_to_every_scam_there_is(
    gateway: httpx.Client, folder: str, language: str
) -> None:
    page = gateway.get(f"/{folder}?lang={language}")
    assert page.status_code == 200
    for script_id in script_ids():
        assert f'href="{folder}/{script_id}?lang={language}"' in page.text
        assert title_of(script_id, language) in unescape(page.text)


@pytest.mark.parametrize("path", PATHS)
def test_page_runs_nothing_and_nobody_may_frame_it(gateway: httpx.Client, path: str) -> None:
    answer = gateway.get(path)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|<form", answer.text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lesson_and_card_can_be_opened(gateway: httpx.Client, language: str) -> None:
    html = {"en": "en", "zh": "zh-CN"}[language]
    for script_id in script_ids():
        for folder in ("learn", "teller-cards"):
            page = gateway.get(f"/{folder}/{script_id}?lang={language}")
            assert page.status_code == 200
            assert f'<html lang="{html}">' in page.text
            assert "{" not in page.text


def test_quiz_marks_one_answer_of_each_question_and_another_can_be_asked_for(
    gateway: httpx.Client,
) -> None:
    page = unescape(gateway.get("/learn/romance?lang=en&quiz=4").text)
    assert page.count('class="right"') == 3
    assert page.count('class="wrong"') == 6
    for question in quiz("romance", "en", seed=4):
        assert question.reason in page
    assert "quiz=5#quiz" in page


@pytest.mark.parametrize("wish", ["-1", "1000", "many"])
def test_quiz_that_there_is_not_is_refused(gateway: httpx.Client, wish: str) -> None:
    assert gateway.get(f"/learn/romance?quiz={wish}").status_code == 422


@pytest.mark.parametrize("folder", ["learn", "teller-cards"])
def test_scam_that_there_is_not_leads_back_to_the_list(gateway: httpx.Client, folder: str) -> None:
    page = gateway.get(f"/{folder}/%3Cscript%3Enonsense?lang=en")
    assert page.status_code == 404
    assert "There is no such page" in page.text
    assert f'href="../{folder}/romance?lang=en"' in page.text
    assert "nonsense" not in page.text


def test_card_shows_the_banks_numbers_and_no_weight(gateway: httpx.Client) -> None:
    page = gateway.get("/teller-cards/refund_service?lang=en").text
    for number in ("101 0000 0000", "101 0000 0030", "110", "96110", "12356"):
        assert f"<b>{number}</b>" in page
    text = re.sub(r"<[^>]+>|tel:\d+|\?v=\w+", " ", page)
    assert "weight" not in text
    for flag in script_of("refund_service").red_flags:
        assert flag.id not in text
