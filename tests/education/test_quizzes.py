"""Quizzes: three questions a scam, one right answer each, the same for the same seed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.education import LETTERS, answer_of, letter_of, named_script, place_of, quiz, script_ids
from bot.education.quizzes import Question, next_of, vivid_steps
from bot.education.rare import kinship
from bot.education.scripts import catalogue, script_of
from bot.education.words import languages, words_of
from bot.recognition import Recogniser
from bot.settings import PROJECT_ROOT
from tests.counsel.everything_said import length_problem, questions

SEEDS = range(12)
EVERY = pytest.mark.parametrize("script_id", script_ids())
LANGUAGES = pytest.mark.parametrize("language", languages())


def of_kind(script_id: str, language: str, kinds: tuple[str, ...]) -> list[Question]:
    every = (q for seed in SEEDS for q in quiz(script_id, language, seed=seed))
    return [question for question in every if question.kind in kinds]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


@EVERY
@LANGUAGES
def test_every_question_is_short_asks_once_and_has_one_right_answer(
    script_id: str, language: str
) -> None:
    for seed in SEEDS:
        asked = quiz(script_id, language, seed=seed)
        assert [question.kind for question in asked][::2] == ["next", "do"]
        assert asked[1].kind in ("honest", "fraud")
        for question in asked:
            assert len(set(question.answers)) == len(question.answers) == 3
            assert question.letter == LETTERS[question.right]
            assert question.reason
            assert not length_problem(question.asked, language), question.asked
            assert questions(question.asked) == 1, question.asked


@EVERY
@LANGUAGES
def test_next_line_is_the_scams_own_and_the_others_are_of_unlike_scams(
    script_id: str, language: str
) -> None:
    script = script_of(script_id)
    own = {next_of(stage, language) for stage in script.stages}
    nearest = max(
        (other for other in catalogue().scripts.values() if other.id != script_id),
        key=lambda other: kinship(script, other),
    )
    akin = {next_of(stage, language) for stage in nearest.stages}
    for question in of_kind(script_id, language, ("next",)):
        assert question.answers[question.right] in own
        wrong = {a for at, a in enumerate(question.answers) if at != question.right}
        assert not wrong & (own | akin)


@EVERY
@LANGUAGES
def test_honest_and_fraud_are_told_apart_as_the_recogniser_tells_them(
    script_id: str, language: str, recogniser: Recogniser
) -> None:
    for question in of_kind(script_id, language, ("honest", "fraud")):
        scores = [
            recogniser.assess(answer.strip("“”"), language=language).score
            for answer in question.answers
        ]
        odd = scores.pop(question.right)
        if question.kind == "fraud":
            assert odd > max(scores), question.asked
        else:
            assert odd < min(scores), question.asked


@EVERY
@LANGUAGES
def test_what_to_do_is_the_scripts_own_counsel_and_the_rest_is_never_right(
    script_id: str, language: str
) -> None:
    counsel = " ".join(words[language] for words in script_of(script_id).counsel.values())
    moves = words_of(language).quiz.wrong_moves
    for question in of_kind(script_id, language, ("do",)):
        wrong = [a for at, a in enumerate(question.answers) if at != question.right]
        assert question.answers[question.right] in counsel
        assert set(wrong) <= set(moves)


@LANGUAGES
def test_seeds_change_the_questions_and_the_place_of_the_right_answer(language: str) -> None:
    for script_id in script_ids():
        asked = [quiz(script_id, language, seed=seed) for seed in SEEDS]
        assert len(set(asked)) > len(SEEDS) / 2
        assert {q.right for three in asked for q in three} == {0, 1, 2}


def test_same_seed_asks_the_same_in_another_process() -> None:
    code = "from bot.education import quiz\nprint([q.asked for q in quiz('romance', 'en', seed=5)])"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str([q.asked for q in quiz("romance", "en", seed=5)])


def test_steps_for_wrong_answers_exist() -> None:
    for script_id, stages in vivid_steps().items():
        assert set(stages) <= {stage.id for stage in script_of(script_id).stages}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        *(("A", 0), ("b.", 1), ("Ｃ", 2), ("answer c", 2), ("2", 1), ("the first one", 0)),
        *(("选B", 1), ("我选c吧", 2), ("第二个", 1), ("答案是A", 0), ("i think b", 1)),
        *(("a man rang me", None), ("he asked for 3", None), ("我", None), ("", None)),
    ],
)
def test_letter_is_read_however_it_is_written(text: str, at: int | None) -> None:
    assert letter_of(text) == at


def test_answer_counts_in_its_own_words_and_a_letter_too_many_does_not() -> None:
    asked = "quiz:zh:romance:3:2"
    place = place_of(asked)
    assert place is not None
    for at, answer in enumerate(place.question.answers):
        assert answer_of(asked, answer.rstrip("。")) == at
    assert answer_of(asked, "D") is None
    assert answer_of(asked, "他又打电话来了") is None


@pytest.mark.parametrize(
    "asked", ["", "quiz", "payment_amount", "quiz:en:nonsense:1:0", "quiz:xx:romance:1:0"]
)
def test_what_is_no_place_in_a_quiz_is_none(asked: str) -> None:
    assert place_of(asked) is None


@EVERY
@LANGUAGES
def test_scam_is_found_by_its_own_title(script_id: str, language: str) -> None:
    assert named_script(script_of(script_id).title[language]) == script_id


@pytest.mark.parametrize(
    ("text", "script_id"),
    [
        ("teach me about refunds", "refund_service"),
        ("how does the fake police scam work", "police_impersonation"),
        ("什么是杀猪盘", "romance"),
        ("讲讲冒充老板的骗术", "boss_impersonation"),
        ("tell me about scams", None),
        ("how does it go on", None),
        ("我想了解诈骗", None),
        ("教我怎么防骗", None),
    ],
)
def test_scam_is_found_by_what_people_call_it(text: str, script_id: str | None) -> None:
    assert named_script(text) == script_id
