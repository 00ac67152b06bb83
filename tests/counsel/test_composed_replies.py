"""The rules of counsel over whole answers, in every situation that can occur."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.noted import PERSONS, SECRETS
from actions.rules import rule_for
from bot.bank import load_bank
from bot.casework.payments import QUESTIONS
from bot.counsel.phrases import phrases
from bot.counsel.replies import (
    TOPICS,
    Known,
    Learning,
    PaymentTalk,
    Reply,
    Representative,
    RequestTalk,
    Situation,
    Told,
    WordTalk,
)
from bot.education import AUDIENCES, Place, lesson, quiz, script_ids, title_of
from bot.payment_requests import QUESTIONS as ABOUT_REQUESTS
from bot.payment_requests import SIGNS
from bot.recognition import EXPOSURES, LEVELS, Recogniser
from bot.settings import Settings
from tests.counsel.everything_said import length_problem, questions

BANK = load_bank(Settings(_env_file=None).bank_file)
CARDS = {
    "manager": {"kind": "manager", "name": "Zhou Min", "mobile": "+86 101 0000 0011"},
    "duty_desk": {"kind": "duty_desk", "name": "Duty desk", "mobile": "+86 101 0000 0001"},
}
SENT = (
    "https://riverside-bank.example",
    "riverside-bank.example.evil.top http://bit.ly/x 95588 [account …1234]",
    "http://1.2.3.4:8080/ [email …@riverside-bank.example] 110 101 0000 0000",
    "https://[email …@evil.top]/x [email …@evil.top] evil.top rivеrside.com",
    "no link",
)
# Customers quote at length and ask questions themselves; quotation marks would end the quote.
WORDS = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters='“”"{}「」'), max_size=90
).filter(str.strip)


@cache
def recogniser() -> Recogniser:
    """Return the recogniser with all that is known of the scripts."""
    return Recogniser.load()


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, Situation]:
    """Return a topic and a situation in which the actions may ask for it."""
    topic = draw(st.sampled_from(sorted(TOPICS)))
    language = draw(st.sampled_from(["en", "zh"]))
    script_id = draw(st.none() | st.sampled_from(recogniser().script_ids))
    script = recogniser().script(script_id) if script_id else None
    level = draw(st.sampled_from(LEVELS if script else ("clear", "unsure")))
    stage = draw(st.sampled_from(script["stages"])) if script else None
    kind = draw(st.sampled_from(sorted(CARDS)))
    failed = draw(st.booleans())
    told = None
    if not failed and (rule_for(topic).always or draw(st.booleans())):
        fresh = draw(st.booleans())
        told = Told(reference="SV-7F3K2Q", card=CARDS[kind], fresh=fresh)
    pairs = st.lists(st.tuples(WORDS, whys(script, language)), max_size=3)
    return topic, Situation(
        language=language,
        bank=BANK,
        level=level,
        exposure=draw(st.sampled_from(EXPOSURES)),
        script=script,
        next=stage["next"][language] if stage else None,
        evidence=draw(pairs),
        said=draw(pairs),
        manager="Zhou Min" if kind == "manager" else None,
        told=told,
        failed=failed,
        misses=draw(st.integers(0, 3)),
        topic=topic,
        payment=None if failed else draw(st.none() | payments(at_desk=told is not None)),
        known=draw(knowns()) if told else Known(phone="+86 101 0000 0001"),
        representative=None if failed else draw(st.none() | representatives()),
        lost=draw(st.lists(st.sampled_from(SECRETS), unique=True)),
        whom=draw(st.sampled_from(["", *PERSONS])),
        **{name: draw(st.booleans()) for name in ("young", "calm", "returns", "coached")},
        came_true=draw(st.none() | st.just(stage["next"][language])) if stage else None,
        paid_ago=draw(st.sampled_from(["", "day", "week"])),
        company=draw(st.booleans()),
        request=None if failed else draw(st.none() | requests()),
        word=None if failed else draw(st.none() | words_of_manager()),
        silenced=draw(st.sampled_from([None, "Zhou Min"])) if told else None,
        sent=draw(st.lists(st.sampled_from(SENT), max_size=3)),
        learning=draw(st.none() | learnings(language)),
    )


@st.composite
def learnings(draw: st.DrawFn, language: str) -> Learning:
    """Return a lesson or a quiz in any state."""
    how = draw(st.sampled_from(["lesson", "quiz"]))
    if draw(st.booleans()):
        ids = draw(st.lists(st.sampled_from(script_ids()), min_size=4, max_size=4, unique=True))
        return Learning(how, offered=[(one, title_of(one, language)) for one in ids])
    script_id, seed = draw(st.sampled_from(script_ids())), draw(st.integers(0, 999_999))
    number = draw(st.integers(0, 2))
    question = quiz(script_id, language, seed=seed)[number]
    asks = draw(st.booleans())
    return Learning(
        how,
        script_id,
        title_of(script_id, language),
        lines=lesson(script_id, draw(st.sampled_from(AUDIENCES)), language),
        question=question.asked if asks else "",
        answers=len(question.answers),
        asked=str(Place(language, script_id, seed, number)) if asks else "",
        right=draw(st.booleans()),
        letter=question.letter,
        reason=question.reason,
        noted=draw(st.booleans()),
    )


def payments(*, at_desk: bool) -> st.SearchStrategy[PaymentTalk]:
    """Return any state of the talk about a payment; no desk has what nobody was told."""
    return st.builds(
        PaymentTalk,
        question=st.none() | st.sampled_from(sorted(QUESTIONS)),
        noted=st.lists(
            st.sampled_from(["CNY 1,700,000", "2026-11-20 20:00", "Hongda Trading"]), max_size=8
        ),
        at_desk=st.booleans() if at_desk else st.just(False),
        company=st.booleans(),
        caller_there=st.booleans(),
        report=st.sampled_from(["", "https://bank.example/report/x"]),
    )


def requests() -> st.SearchStrategy[RequestTalk]:
    """Return any state of the check of a payment request."""
    signs = st.lists(st.tuples(st.sampled_from(SIGNS), st.just("") | WORDS), max_size=len(SIGNS))
    return st.builds(
        RequestTalk,
        question=st.none() | st.sampled_from(sorted(ABOUT_REQUESTS)),
        signs=signs,
        note=st.sampled_from(["", "https://bank.example/note/x"]),
        not_read=st.booleans(),
    )


def knowns() -> st.SearchStrategy[Known]:
    """Return any truth about who knows."""
    return st.builds(
        Known,
        kind=st.sampled_from(["owed", "sent", "read", "next"]),
        name=st.just("Zhou Min"),
        time=st.just("20:04"),
        phone=st.just("+86 101 0000 0011"),
        reference=st.just("SV-7F3K2Q"),
    )


def words_of_manager() -> st.SearchStrategy[WordTalk]:
    """Return any state of the talk about the manager's two words."""
    return st.builds(
        WordTalk,
        kind=st.sampled_from(["word", "seen", "unseen", "visitor", "watched", "limit", "none"]),
        word=st.just("grapefruit · motorbike"),
        until=st.just("20:19"),
        asked=st.sampled_from([(), ("Zhou Min",), ("Zhou Min", "Old Ferry Branch duty desk")]),
        seen_by=st.just("Zhou Min"),
        seen_at=st.just("20:06"),
    )


def representatives() -> st.SearchStrategy[Representative]:
    """Return somebody of the company, told or not."""
    how = st.sampled_from(["", "told", "by_manager", "known"])
    return st.builds(Representative, name=st.just("He Jianguo"), told=how)


def whys(script: dict[str, Any] | None, language: str) -> st.SearchStrategy[str]:
    """Return the reasons that red flags of the script give."""
    own = recogniser()
    ids = sorted(script["weights"]) if script else ["keep_secret"]
    known = [flag for flag in ids if flag in own.artefact.knowledge["red_flags"]]
    return st.sampled_from([own.why(flag, language) for flag in known])


@given(situations())
@settings(max_examples=400, deadline=None)
def test_every_answer_keeps_the_rules_of_counsel(given_one: tuple[str, Situation]) -> None:
    topic, situation = given_one
    reply = TOPICS[topic](situation)
    assert reply.speeches, f"{topic} leaves the customer without an answer."
    for speech in reply.speeches:
        assert speech.text.strip()
        assert not re.search(r"\{\w+\}", speech.text), speech.text
        assert not length_problem(speech.text, situation.language), speech.text
    assert sum(questions(speech.text) for speech in reply.speeches) <= 1, _text(reply)
    titles = set(phrases(situation.language).buttons.values())
    assert all(set(speech.buttons) <= titles for speech in reply.speeches)


@given(situations())
@settings(max_examples=400, deadline=None)
def test_nobody_is_said_to_know_who_was_not_told(given_one: tuple[str, Situation]) -> None:
    topic, situation = given_one
    reply = TOPICS[topic](situation)
    by_wish = situation.representative is not None and situation.representative.told
    if situation.told is None and not (topic == "tell_representative" and by_wish):
        assert all(speech.card is None for speech in reply.speeches)
        assert "SV-" not in _text(reply)
        assert "has been told (" not in _text(reply)
        assert "已经通知" not in _text(reply)


@given(situations())
@settings(max_examples=400, deadline=None)
def test_failed_store_is_owned_up_to_where_a_person_was_needed(
    given_one: tuple[str, Situation],
) -> None:
    topic, situation = given_one
    if situation.failed and rule_for(topic).always and topic != "may_hurt_self":
        nobody = phrases(situation.language).say("nobody_told", **BANK.fields(situation.language))
        assert nobody in _text(TOPICS[topic](situation))


def test_every_topic_that_an_action_may_ask_for_has_an_answer() -> None:
    from actions.meanings import ANSWERS, BUTTONS
    from actions.rules import TOPICS as RULES

    asked = {*RULES, *BUTTONS.values(), *(t for row in ANSWERS.values() for t in row.values())}
    assert asked <= set(TOPICS)


def _text(reply: Reply) -> str:
    return "\n".join(speech.text for speech in reply.speeches)
