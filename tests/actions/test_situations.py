"""Each hard situation of a talk has its own way through, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.casefile import attend
from actions.meanings import ANSWERS, BUTTONS
from actions.noted import secrets_in, whom_in
from actions.services import Services
from actions.topics import topic_of
from actions.turn import Turn
from actions.words import says
from bot.casework.contacts import identify
from bot.casework.models import Case, Escalation
from bot.counsel.phrases import button_of, phrases
from bot.counsel.replies import TOPICS, Reply
from tests.actions.builders import EVENING, TELLING, told_turn, turn

LANGUAGES = ("en", "zh")
TELLING_ZH = (
    "有人打电话说我信用卡欠了38万，银行今天就要起诉我。他说只要先从公司账户垫付，就能帮我摆平。"
)
STORY = {"en": TELLING, "zh": TELLING_ZH}


class Talk:
    """One customer talks with the actions as Rasa would call them."""

    def __init__(self, services: Services, language: str, customer: str = "") -> None:
        self.services, self.language, self.asked = services, language, ""
        self.earlier: tuple[str, ...] = ()
        if customer:
            with services.sessions.begin() as session:
                identify(session, "web:c1", customer, EVENING)

    def say(self, text: str, intent: str = "tell_of_call", **values: Any) -> Reply:
        found = self.services.recogniser.assess(text, language=self.language).to_dict()
        known: dict[str, Any] = {"intent": intent, "asked": self.asked, "assessment": found}
        known |= {"earlier": self.earlier, "button": button_of(text), **values}
        one = turn(text, language=self.language, **known)
        situation = attend(self.services, one, topic=topic_of(intent, one))
        self.topic = situation.topic
        reply = TOPICS[situation.topic](situation)
        self.asked, self.words = reply.asked, "\n".join(s.text for s in reply.speeches)
        if intent == "tell_of_call":
            self.earlier = (*self.earlier, text)
        return reply

    def heard(self, key: str, **fields: str) -> bool:
        fields = {**self.services.bank.fields(self.language), **fields}
        return phrases(self.language).say(key, **fields) in self.words

    def case(self) -> Case:
        with self.services.sessions() as session:
            return session.scalars(select(Case)).one()

    def reasons(self) -> list[str]:
        with self.services.sessions() as session:
            return [row.reason for row in session.scalars(select(Escalation))]


#: Buttons that answer a question of a quiz; they mean nothing anywhere else.
OF_A_QUIZ = {"answer_a", "answer_b", "answer_c", "answer_d", "stop_quiz"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(phrases("en").buttons))
def test_every_button_typed_by_hand_means_the_same(language: str, key: str) -> None:
    assert key in BUTTONS or key in ANSWERS or key in OF_A_QUIZ, "A button must mean something."
    title = phrases(language).buttons[key]
    asked = "secret" if key.startswith("got_") else ""  # Too short to mean it anywhere else.
    asked = f"quiz:{language}:fake_card_debt:1:0" if key in OF_A_QUIZ else asked
    if key == "answer_d":  # Four scams are offered, and three answers.
        asked = "pick_quiz:romance,investment,job_fee,loan_fee"
    for written in (title, title.lower(), title.rstrip("？?") + ".", f" {title} "):
        assert button_of(written) == key
        topics = {
            topic_of(name, turn(written, intent=name, button=button_of(written), asked=asked))
            for name in ("correct", "take_answer", "not_understood", "about_to_pay")
        }
        assert len(topics) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "he can see my screen on zoom"), ("zh", "我正跟他共享屏幕")],
)
def test_shared_screen_is_ended_before_anything_is_asked(
    services: Services, language: str, text: str
) -> None:
    talk = Talk(services, language)
    talk.say(STORY[language])
    talk.say(text, "shares_screen")
    assert talk.heard("screen_off")
    assert talk.asked == "secret"
    assert talk.case().exposure in ("engaged", "disclosed")
    assert talk.reasons() != []


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "he moves my mouse with anydesk"), ("zh", "他用向日葵远程在操作我的电脑")],
)
def test_given_control_is_a_secret_given(services: Services, language: str, text: str) -> None:
    talk = Talk(services, language)
    talk.say(text, "shares_screen")
    assert talk.heard("screen_control")
    assert talk.case().exposure == "disclosed"
    assert talk.reasons() != []


@pytest.mark.parametrize(
    ("language", "text", "coached"),
    [
        ("en", "he says I must not tell anybody", False),
        ("en", "if the bank asks I should say renovation", True),
        ("zh", "他不让我告诉家里人", False),
        ("zh", "他说银行问起来就说是装修", True),
    ],
)
def test_secrecy_is_named_and_one_person_is_to_be_told(
    services: Services, language: str, text: str, coached: bool
) -> None:
    talk = Talk(services, language)
    talk.say(text, "told_to_keep_quiet")
    assert talk.heard("quiet")
    assert talk.heard("quiet_coached") == coached
    talk.say({"en": "my wife", "zh": "我老婆"}[language], "out_of_scope")
    assert talk.topic == "told_one"
    talk.asked = "tell_whom"
    talk.say({"en": "nobody", "zh": "没人"}[language], "deny")
    assert talk.asked == "help_check"


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("I gave him the code", ("code",)),
        ("I typed my password and the six digits", ("code", "password")),
        ("my card number, not the code", ("card",)),
        ("they have a photo of my passport", ("identity",)),
        ("he has remote control and my password", ("control", "password")),
        ("验证码给他了", ("code",)),
        ("卡号和密码都说了", ("password", "card")),
        ("身份证拍给他们了，没给验证码", ("identity",)),
        ("他远程控制了我手机", ("control",)),
    ],
)
def test_what_they_got_is_read_from_the_words(text: str, lost: tuple[str, ...]) -> None:
    assert secrets_in(turn(text), "gave_secret") == lost


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_they_got_decides_what_is_locked_first_and_is_not_asked_again(
    services: Services, language: str
) -> None:
    talk = Talk(services, language)
    talk.say({"en": "I gave it away", "zh": "我说出去了"}[language], "gave_secret")
    assert talk.asked == "secret"
    talk.say(phrases(language).buttons["got_password"], "out_of_scope")
    assert talk.heard("secret_password")
    assert talk.asked == "sent_yet"
    talk.say({"en": "and the code", "zh": "还有验证码给他了"}[language], "gave_secret")
    steps = [phrases(language).texts[f"secret_step_{kind}"] for kind in ("code", "password")]
    assert talk.words.index(steps[0]) < talk.words.index(steps[1])
    assert talk.asked != "secret"


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("en", "I transferred 5,000 yesterday morning", "paid_day"),
        ("en", "I sent him 5,000 two weeks ago", "paid_week"),
        ("zh", "我昨天早上转了五千", "paid_day"),
        ("zh", "我10天前转了五千", "paid_week"),
    ],
)
def test_older_payment_is_reported_all_the_same_and_the_second_scam_named_early(
    services: Services, language: str, text: str, key: str
) -> None:
    talk = Talk(services, language)
    talk.say(text, "has_paid")
    assert talk.heard(key)
    assert talk.heard("paid_warning")
    assert not talk.heard("paid_first")
    assert talk.asked.startswith("payment_")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_calm_and_is_pressed_again_is_reminded_of_it(
    services: Services, language: str
) -> None:
    talk = Talk(services, language)
    talk.say(STORY[language])
    talk.say({"en": "all fine now", "zh": "没事了"}[language], "is_fine")
    talk.say({"en": "I want to pay after all", "zh": "我还是想付"}[language], "about_to_pay")
    assert talk.heard("relapse")


@pytest.mark.parametrize("language", LANGUAGES)
def test_prediction_that_comes_true_is_quoted(services: Services, language: str) -> None:
    talk = Talk(services, language)
    talk.say(STORY[language])
    talk.say({"en": "what comes next", "zh": "接下来呢"}[language], "ask_what_next")
    case = talk.case()
    assert case.stage is not None
    script = services.recogniser.script(case.leading_script or "")
    predicted = script["stages"][case.stage["step"] - 1]["next"][language]
    talk.say(phrases(language).buttons["affirm"], "affirm")
    assert talk.topic == "about_to_pay"
    assert talk.heard("came_true", next=predicted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_suspects_us_is_shown_a_way_to_check_that_is_not_ours(
    services: Services, language: str
) -> None:
    talk = Talk(services, language)
    talk.say(STORY[language])
    talk.say({"en": "you are one of them", "zh": "你们是一伙的吧"}[language], "suspects_us")
    assert talk.heard("suspects_us")
    assert talk.heard("suspects_us_case")
    assert services.bank.hotline not in talk.words, "A number of ours proves nothing here."
    assert talk.asked == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_anger_gets_few_words_and_a_person(services: Services, language: str) -> None:
    talk = Talk(services, language)
    reply = talk.say({"en": "you useless thing", "zh": "你们就是废物"}[language], "angry")
    assert len(reply.speeches) == 1
    assert reply.speeches[0].buttons == (phrases(language).buttons["person"],)


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("…", "nlu_fallback", "silent"),
        ("?", "out_of_scope", "silent"),
        ("嗯", "affirm", "silent"),
        ("help me please", "small_talk", "cries"),
        ("救命", "out_of_scope", "cries"),
        ("怎么办", "tell_of_call", "cries"),
        ("I already reported it to the police", "tell_of_call", "reported"),
        ("我已经报警了", "is_fine", "reported"),
        ("should I report it to the police?", "ask_honest_way", "ask_honest_way"),
        ("要不要报警", "ask_honest_way", "ask_honest_way"),
        ("我孙子在派出所要5万块钱", "tell_of_call", "family_cry"),
        ("stop messaging me you idiot", "angry", "leave_me_alone"),
    ],
)
def test_few_words_are_understood_by_themselves(text: str, intent: str, topic: str) -> None:
    name = "take_answer" if intent in ANSWERS else intent
    name = "not_understood" if intent in ("nlu_fallback", "out_of_scope") else name
    assert topic_of(name, turn(text, intent=intent)) == topic


def test_a_bare_hm_after_a_question_is_still_its_answer() -> None:
    assert topic_of("take_answer", turn("嗯", intent="affirm", asked="sent_yet")) == "has_paid"


@pytest.mark.parametrize(
    ("customer", "told", "reasons"),
    [("C-1001", True, ["not_understood"]), ("C-1001", False, []), ("", True, [])],
)
def test_second_failed_clarification_in_danger_brings_a_person_to_whom_the_bank_knows(
    services: Services, customer: str, told: bool, reasons: list[str]
) -> None:
    talk = Talk(services, "en", customer)
    if told:
        story = TELLING.partition(". ")[0]
        attend(services, told_turn(services, story), topic="tell_of_call")
    one: Turn = turn("qwe rty", intent="nlu_fallback", misses=2)
    situation = attend(services, one, topic="not_understood")
    reply = TOPICS[situation.topic](situation)
    assert talk.reasons() == reasons
    assert any(speech.card for speech in reply.speeches) == bool(reasons)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("my mother is on the phone with somebody from the police", "mother"),
        ("my employee got a call and wants to pay", "colleague"),
        ("My friend won't believe me, she is going to transfer it", "friend"),
        ("我妈接到电话说她欠了钱", "mother"),
        ("我同事正要给对方转账", "colleague"),
        ("my mother told me to ask you", ""),
        ("my grandson called, he is in jail and needs bail", ""),
        ("my boss wants me to transfer 50,000", ""),
        ("我儿子打电话说要交学费", ""),
    ],
)
def test_somebody_else_in_danger_is_told_from_somebody_who_calls(text: str, whom: str) -> None:
    assert whom_in(turn(text)) == whom


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my mother got a call from the police, they want her to transfer money"),
        ("zh", "我妈接到电话说她信用卡欠了38万，银行要起诉，让她转到安全账户"),
    ],
)
def test_who_reports_for_his_mother_hears_what_to_do_for_her(
    services: Services, language: str, text: str
) -> None:
    talk = Talk(services, language)
    reply = talk.say(text)
    whom = phrases(language).texts["whom_mother"]
    assert talk.heard("other_listen", whom=whom)
    assert phrases(language).buttons["they_paid"] in reply.speeches[-1].buttons
    talk.say(phrases(language).buttons["they_paid"], "has_paid")
    assert talk.heard("other_paid", whom=whom)


@pytest.mark.parametrize(("language", "text"), [("en", "I am 14"), ("zh", "我今年13岁")])
def test_child_is_sent_to_a_grown_up_and_protected_the_same(
    services: Services, language: str, text: str
) -> None:
    talk = Talk(services, language)
    talk.say(f"{text}. {STORY[language]}")
    assert talk.heard("child")
    talk.say(phrases(language).buttons["still_on"], "on_the_phone")
    assert talk.heard("child")
    assert talk.reasons() != []


@pytest.mark.parametrize("text", ["I am 15 minutes away", "I'm 12,000 short", "我15岁的儿子"])
def test_number_is_no_age(text: str) -> None:
    from actions.noted import noted_in

    assert not noted_in(turn(text), "tell_of_call").young


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_and_return_say_where_the_case_stands(
    services: Services, language: str
) -> None:
    talk = Talk(services, language)
    talk.say(STORY[language])
    script = services.recogniser.script(talk.case().leading_script or "")
    title = script["title"][language]
    talk.say({"en": "English please", "zh": "说中文"}[language], "change_language")
    assert talk.heard("language_case")
    assert talk.heard("standing", title=title)
    talk.services = replace(services, now=lambda: EVENING + timedelta(days=1))
    talk.say({"en": "hello", "zh": "你好"}[language], "greet")
    assert talk.heard("welcome_back")
    assert talk.heard("how_now")


@pytest.mark.parametrize("intent", ["thank", "small_talk", "ask_banking"])
def test_in_danger_everyday_talk_keeps_to_the_one_thing(services: Services, intent: str) -> None:
    talk = Talk(services, "en")
    talk.say(TELLING)
    talk.say("thanks, nice weather, how do I order a card", intent)
    assert "Do this now:" in talk.words
    assert talk.asked == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_repeated_call_of_a_stranger_is_not_said_to_be_expected(
    services: Services, language: str
) -> None:
    talk = Talk(services, language)
    talk.say({"en": "they ring again", "zh": "又打来了"}[language], "called_again", assessment={})
    assert talk.heard("again_unknown")
    assert not talk.heard("again")


@pytest.mark.parametrize(
    "text",
    [
        *("they'd be better off without me", "I can't see a way out", "I am tired of living"),
        *("there is no way out for me but one", "I don't want to be here any more"),
        *("我想不开了", "这辈子走到头了", "对不起家人", "没有我你们会更好", "我撑不下去了"),
        *("只有死路一条了", "没脸见家人，走了算了"),
    ],
)
def test_veiled_words_of_despair_are_heard(text: str) -> None:
    assert says("despair").search(text)
    assert not says("not_despair").search(text)


@pytest.mark.parametrize(
    "text",
    [
        *("my phone is dying", "I would be better off with another bank", "killing time"),
        *("I can't see a way to log in", "he said I must pay today", "我没想不开，就是生气"),
        *("这条路走到头右转就是网点", "对不起打错了", "怎么想都不明白", "累死我了"),
    ],
)
def test_everyday_words_are_no_despair(text: str) -> None:
    assert not says("despair").search(text) or says("not_despair").search(text)
