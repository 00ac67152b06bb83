"""What cannot wait for a better understanding is told by its words, whatever the intent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from bot.casework.contacts import identify
from bot.casework.database import make_engine, session_factory
from bot.counsel.replies import TOPICS
from tests.actions.builders import EVENING, told_turn, turn

EARLIER = ("They said my grandson is in jail and needs bail",)
CASES = [
    # text, intent, asked, earlier, topic
    ("a courier is at my door for the cash right now", "not_understood", "", (), "at_door"),
    ("he is knocking", "greet", "story", EARLIER, "at_door"),
    ("取钱的人已经到门口了", "tell_of_call", "", (), "at_door"),
    ("我要不要开门", "ask_what_next", "story", EARLIER, "at_door"),
    ("there is a courier at my door with a parcel", "small_talk", "", (), "small_talk"),
    ("快递员到门口了，是我买的书", "small_talk", "", (), "small_talk"),
    ("i lost everything 200000", "is_fine", "", (), "has_paid"),
    ("i lost 7000", "leave_me_alone", "", (), "has_paid"),
    ("and sent 2000 to a safe account", "shares_screen", "", (), "has_paid"),
    ("转了3笔 一共4万8", "shares_screen", "", (), "has_paid"),
    ("she wants 2000 more", "tell_of_call", "payment_time", (), "pay_no_more"),
    ("他又让我转2万", "tell_of_call", "payment_time", (), "pay_no_more"),
    (
        "有人说可以帮我把钱追回来 要交2000手续费",
        "tell_of_call",
        "payment_channel",
        (),
        "pay_no_more",
    ),
    ("2000 yuan", "tell_of_call", "payment_amount", (), "payment_told"),
    ("its too late isnt it", "which_help", "sent_yet", (), "too_late"),
    ("来不及了吧", "which_help", "sent_yet", (), "too_late"),
    ("please dont tell my wife", "told_to_keep_quiet", "", (), "keeps_private"),
    ("别告诉我老公", "told_to_keep_quiet", "", (), "keeps_private"),
    ("he told me not to tell my wife", "told_to_keep_quiet", "", (), "told_to_keep_quiet"),
    ("对方叫我别告诉家里人", "told_to_keep_quiet", "", (), "told_to_keep_quiet"),
    ("对方让我把现金交给快递员 我还没去", "tell_of_call", "", (), "tell_of_call"),
    ("when will i get it back", "ask_if_told", "", (), "tell_of_call"),
    ("does anybody know about my case?", "ask_if_told", "", (), "ask_if_told"),
    ("i lost my wallet with all my cards", "not_understood", "", (), "lost_cards"),
    ("我钱包丢了 卡都在里面", "ask_banking", "", (), "lost_cards"),
    ("i sent it to the wrong account by mistake", "correct", "", (), "has_paid"),
    ("骗子?", "ask_lesson", "", (), "tell_of_call"),
    ("我不敢跟家里人说", "told_to_keep_quiet", "", (), "told_to_keep_quiet"),
    ("i called my bank and they said its fine", "tell_of_call", "", (), "has_checked"),
    ("你们是真的银行吗", "suspects_us", "tell_whom", (), "suspects_us"),
    ("she is at school, she's fine", "called_again", "", EARLIER, "found_safe"),
    ("I didn't read him any digits", "gave_secret", "", (), "nothing_lost"),
    ("验证码我可没念给他", "gave_secret", "", (), "nothing_lost"),
    ("I didn't give the code but he got my password", "gave_secret", "", (), "gave_secret"),
    ("my mother is on the phone with the police", "tell_of_call", "", (), "on_the_phone"),
    ("he says it is a safe account", "tell_of_call", "story", EARLIER, "tell_of_call"),
    ("他让我把钱转到安全账户", "tell_of_call", "story", ("我孙子在派出所要钱",), "tell_of_call"),
    ("should i open a savings account", "ask_banking", "story", EARLIER, "ask_banking"),
    ("she will pick up her card at the branch", "ask_banking", "", (), "ask_banking"),
    ("顺丰上门取件 单号123456", "small_talk", "", (), "small_talk"),
    ("后来又转了3000", "tell_of_call", "payment_amount", (), "payment_told"),
    ("5,000 and then another 3,000", "tell_of_call", "payment_amount", (), "payment_told"),
    ("I gave no code to him but sent 2000", "gave_secret", "", (), "has_paid"),
    ("he asked me to send the code. sent it", "gave_secret", "", (), "gave_secret"),
    ("what a useless machine", "not_understood", "", (), "angry"),
    ("我要交房租 3500 转给房东 可以吗", "about_to_pay", "", (), "everyday_plan"),
]


@pytest.mark.parametrize(("text", "intent", "asked", "earlier", "topic"), CASES)
def test_words_that_cannot_wait_win_over_what_a_message_sounds_like(
    text: str, intent: str, asked: str, earlier: tuple[str, ...], topic: str
) -> None:
    one = turn(text, intent=intent, asked=asked, earlier=earlier)
    if intent == "which_help":
        one = turn(text, intent="deny", asked=asked, earlier=earlier)
    assert topic_of(intent, one) == topic


def test_no_employer_is_offered_to_hear_of_a_familys_trouble(services: Services) -> None:
    with services.sessions.begin() as session:
        identify(session, "web:c1", "C-1001", EVENING)
    story = "They have my daughter and want 80,000 or they hurt her, I can hear her crying"
    situation = attend(services, told_turn(services, story), topic="about_to_pay")
    assert situation.script == services.recogniser.script("family_emergency")
    assert situation.representative is None
    assert not situation.company


@pytest.mark.parametrize("topic", ["everyday_plan", "everyday_payment", "asked_for_secret"])
def test_what_is_decided_in_the_case_has_an_answer_without_a_store(
    services: Services, tmp_path: Path, topic: str
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    lonely = replace(services, sessions=session_factory(engine))
    situation = attend(lonely, turn("the rent goes out tomorrow"), topic=topic)
    assert TOPICS[situation.topic](situation).speeches
    engine.dispose()
