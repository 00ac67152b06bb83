"""Parts die and the store fails; the customer is never left alone and never told what is not so."""

from __future__ import annotations

from tests.functional.chat import Chat
from tests.functional.running_stack import Stack, until

TELLING = (
    "A man from the card centre says I owe 380,000 and the bank will sue me today. "
    "He can fix it if I pay in advance from the company account."
)


def test_customer_gets_the_safe_answer_while_the_action_server_is_dead_and_his_case_survives(
    stack: Stack,
) -> None:
    chat = Chat(stack, customer="C-2001")
    chat.say(TELLING)
    before = chat.case()
    assert before is not None
    chat.head("The action server is killed")
    stack.kill("actions")
    answer = chat.say("They called again", degraded=True)
    assert "101 0000 0000" in answer.text
    assert "110" in answer.text
    assert "nobody has been told" in answer.text
    chat.head("It is back")
    stack.wait_until_ready()
    chat.say("They called again. They say the police will come tonight.")
    after = chat.case()
    assert after is not None
    assert after.reference == before.reference
    assert after.level == "scam"
    assert after.evidence_count >= before.evidence_count
    chat.keep_transcript("action_server_killed", "The action server is killed in the middle")


def test_escalation_that_was_owed_is_delivered_by_a_worker_that_was_killed(stack: Stack) -> None:
    stack.kill("worker")
    chat = Chat(stack, customer="C-2001")
    chat.say("I have already paid")
    stack.wait_until_ready()

    def sent() -> bool:
        case = chat.case()
        assert case is not None
        messages = case.escalations[0].messages
        return bool(messages) and all(message.status == "sent" for message in messages)

    assert until(sent, seconds=15)


def test_counsel_is_given_without_a_store_and_says_that_nobody_has_been_told(
    stack: Stack,
) -> None:
    chat = Chat(stack, customer="C-2001")
    with stack.without_table("cases"):
        told = chat.say(TELLING)
        paid = chat.say("I have already paid")
        despair = chat.say("I don't want to live any more")
    assert "This is a known fraud" in told.text
    assert "Do this now: " in told.text
    assert "nobody has been told" in paid.text
    assert "stop this payment" in paid.text
    assert "has been told (case" not in paid.text
    assert "12356" in despair.text
    assert "has been told" not in despair.text
    assert despair.card is None
    assert chat.case() is None
    answer = chat.say("I have already paid")
    assert "has been told (case" in answer.text
    chat.keep_transcript("without_a_store", "The store fails, then works again")


def test_customer_gets_counsel_in_time_while_the_store_is_locked(stack: Stack) -> None:
    chat = Chat(stack, customer="C-2001")
    with stack.locked_store():
        answer = chat.say("I have already paid")
    assert "nobody has been told" in answer.text
    assert "101 0000 0000" in answer.text
    chat.say("I have already paid")
    case = chat.case()
    assert case is not None
    assert case.exposure == "paid"
    assert len(case.escalations) == 1


def test_gateway_says_that_it_is_ready_while_all_parts_are(stack: Stack) -> None:
    answer = stack.http.get("/readyz")
    assert answer.status_code == 200, answer.text
    assert set(answer.json()["parts"].values()) == {"ready"}
