from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.cases import (
    active_evidence,
    case_by_reference,
    case_for,
    close_case,
    correct,
    find_open_case,
    record_assessment,
)
from bot.casework.escalations import acknowledge, escalate
from bot.casework.models import Case, CaseEvent
from bot.casework.references import ALPHABET
from bot.errors import ConflictError, NotFoundError
from tests.casework.builders import EVENING, WEB, after, finding, frightened, open_case


def kinds(case: Case) -> list[str]:
    return [event.kind for event in case.events]


def test_a_contact_has_one_open_case_however_often_he_writes(session: Session) -> None:
    first = case_for(session, WEB, language="zh", now=EVENING)
    second = case_for(session, WEB, language="en", now=after(days=2))
    assert first is second
    assert first.contact.language == "en"
    assert kinds(first) == ["opened"]


def test_two_messages_in_the_same_moment_open_one_case(sessions: sessionmaker[Session]) -> None:
    def write(_number: int) -> str:
        with sessions.begin() as session:
            return case_for(session, WEB, language="zh", now=EVENING).reference

    with ThreadPoolExecutor(4) as pool:
        references = set(pool.map(write, range(12)))
    assert len(references) == 1


def test_two_addresses_have_two_cases(session: Session) -> None:
    assert open_case(session) is not open_case(session, address="telegram:7")


def test_asking_for_an_open_case_makes_none(session: Session) -> None:
    assert find_open_case(session, WEB) is None
    case = case_for(session, WEB, language="zh", now=EVENING)
    assert find_open_case(session, WEB) is case


def test_a_reference_is_short_easy_to_read_out_and_found_in_any_case(session: Session) -> None:
    case = open_case(session)
    prefix, _, rest = case.reference.partition("-")
    assert (prefix, len(rest)) == ("SV", 6)
    assert set(rest) <= set(ALPHABET)
    assert case_by_reference(session, f" {case.reference.lower()} ") is case
    with pytest.raises(NotFoundError, match="SV-000000"):
        case_by_reference(session, "SV-000000")


def test_evidence_adds_up_over_days_and_the_same_words_count_once(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        open_case(session)
    with sessions.begin() as session:
        case = case_for(session, WEB, language="zh", now=after(days=3))
        flags = [("sued_at_once", "they will sue me tonight"), ("secrecy", "tell nobody")]
        record_assessment(session, case, assessment=frightened(red_flags=flags), now=after(days=3))
    with sessions() as session:
        found = find_open_case(session, WEB)
        assert found is not None
        assert [row.red_flag for row in active_evidence(found)] == ["sued_at_once", "secrecy"]
        assert (found.evidence_count, found.turn_count) == (2, 2)
        assert found.updated == after(days=3)


def test_level_and_exposure_never_fall_by_themselves(session: Session) -> None:
    case = open_case(session, exposure="disclosed")
    record_assessment(session, case, assessment=finding(), exposure="asking", now=after(minutes=1))
    assert (case.level, case.exposure, case.score) == ("scam", "disclosed", 0.8)


def test_the_talk_may_show_a_deeper_exposure_than_the_message(session: Session) -> None:
    case = open_case(session)
    record_assessment(session, case, assessment=finding(), exposure="paid", now=after(minutes=1))
    assert case.exposure == "paid"
    event = case.events[-1]
    assert (event.kind, event.detail) == ("assessed", {"exposure": ["contacted", "paid"]})


def test_a_message_that_shows_nothing_new_leaves_no_event(session: Session) -> None:
    case = open_case(session)
    before = kinds(case)
    assert not record_assessment(session, case, assessment=frightened(), now=after(minutes=1))
    session.refresh(case, ["events"])
    assert kinds(case) == before
    assert case.turn_count == 2


def test_the_timeline_never_holds_the_customers_words(session: Session) -> None:
    case = open_case(session)
    assert "sue me" not in repr([event.detail for event in case.events])


def test_a_weak_finding_does_not_displace_the_leading_script(session: Session) -> None:
    case = open_case(session)
    weak = finding(
        scripts=[("parcel_customs", 0.3)],
        stage={"script": "parcel_customs", "id": "parcel", "step": 3, "of": 4},
    )
    record_assessment(session, case, assessment=weak, now=after(minutes=1))
    assert case.leading_script == "fake_card_debt"
    assert case.stage is not None
    assert case.stage["script"] == "fake_card_debt"
    assert case.scripts == {"fake_card_debt": 0.8, "lawsuit_threat": 0.5, "parcel_customs": 0.3}


def test_a_surer_script_takes_the_lead_with_its_own_stage(session: Session) -> None:
    case = open_case(session)
    sure = finding(
        score=0.95,
        scripts=[("company_advance_payment", 0.95)],
        stage={"script": "company_advance_payment", "id": "advance", "step": 1, "of": 5},
    )
    record_assessment(session, case, assessment=sure, now=after(minutes=1))
    assert (case.leading_script, case.score) == ("company_advance_payment", 0.95)
    assert case.stage == sure.stage


def test_telling_an_earlier_part_of_the_story_does_not_move_the_stage_back(
    session: Session,
) -> None:
    case = open_case(session)
    for step, expected in ((1, 2), (4, 4)):
        stage = {"script": "fake_card_debt", "id": "x", "step": step, "of": 6}
        record_assessment(session, case, assessment=frightened(stage=stage), now=EVENING)
        assert case.stage is not None
        assert case.stage["step"] == expected


def test_a_long_quote_is_cut_and_still_counts_once(session: Session) -> None:
    case = open_case(session)
    for _ in range(2):
        record_assessment(
            session, case, assessment=frightened(red_flags=[("secrecy", "x" * 900)]), now=EVENING
        )
    assert [len(row.quote) for row in case.evidence if row.red_flag == "secrecy"] == [500]


def test_characters_that_no_database_keeps_do_not_cost_the_evidence(session: Session) -> None:
    flags = [("secrecy", "tell\x00 no\ud800body")]
    case = open_case(session, red_flags=flags)
    assert [row.quote for row in case.evidence] == ["tell nobody"]


def test_a_corrected_red_flag_no_longer_counts_and_the_rest_does(session: Session) -> None:
    flags = [("sued_at_once", "sue me"), ("secrecy", "tell nobody")]
    case = open_case(session, red_flags=flags)
    retracted = correct(session, case, red_flags=["secrecy"], now=after(minutes=1))
    assert [row.red_flag for row in retracted] == ["secrecy"]
    assert [row.red_flag for row in active_evidence(case)] == ["sued_at_once"]
    assert (case.level, case.evidence_count) == ("scam", 1)
    assert case.events[-1].kind == "corrected"


def test_a_correction_lowers_the_level_to_what_was_assessed_anew(session: Session) -> None:
    case = open_case(session, red_flags=[("sued_at_once", "a"), ("secrecy", "b")])
    correct(
        session,
        case,
        red_flags=["secrecy"],
        level="unsure",
        exposure="asking",
        now=after(minutes=1),
    )
    assert (case.level, case.exposure) == ("unsure", "asking")
    assert case.events[-1].detail["level"] == ["scam", "unsure"]


def test_taking_everything_back_clears_the_level_but_not_a_payment(session: Session) -> None:
    case = open_case(session, exposure="paid")
    correct(session, case, red_flags=None, now=after(minutes=1))
    assert (case.level, case.exposure, case.leading_script) == ("clear", "paid", None)
    assert active_evidence(case) == []


def test_correcting_what_was_never_said_leaves_no_event(session: Session) -> None:
    case = open_case(session)
    before = kinds(case)
    assert correct(session, case, red_flags=["gift_cards"], now=after(minutes=1)) == []
    session.refresh(case, ["events"])
    assert kinds(case) == before


def test_words_said_again_after_a_correction_count_again(session: Session) -> None:
    case = open_case(session)
    correct(session, case, red_flags=None, now=after(minutes=1))
    record_assessment(session, case, assessment=frightened(), now=after(minutes=2))
    assert (case.level, case.evidence_count) == ("scam", 1)


def test_unknown_words_for_level_and_exposure_are_refused(session: Session) -> None:
    case = open_case(session)
    with pytest.raises(ValueError, match="certain"):
        finding(level="certain")
    with pytest.raises(ValueError, match="ruined"):
        record_assessment(session, case, assessment=finding(), exposure="ruined", now=EVENING)


def test_a_case_event_can_be_neither_changed_nor_deleted(session: Session) -> None:
    open_case(session)
    session.commit()
    event = session.scalars(select(CaseEvent)).first()
    assert event is not None
    event.kind = "invented"
    with pytest.raises(ConflictError, match="history"):
        session.flush()
    session.rollback()
    session.delete(event)
    with pytest.raises(ConflictError, match="history"):
        session.flush()


def test_after_a_case_is_closed_the_next_message_opens_another(session: Session) -> None:
    case = open_case(session)
    close_case(session, case, outcome="prevented", now=after(hours=1))
    close_case(session, case, outcome="again", now=after(hours=2))
    assert (case.status, case.outcome) == ("closed", "prevented")
    assert case_for(session, WEB, language="zh", now=after(days=1)) is not case


def test_a_case_with_an_unread_escalation_cannot_be_closed(session: Session) -> None:
    case = open_case(session)
    escalation = escalate(session, case, reason="wants_a_person", now=EVENING)
    with pytest.raises(ConflictError, match="unread"):
        close_case(session, case, outcome="prevented", now=after(hours=1))
    acknowledge(session, escalation.id, "M-01", after(hours=1))
    close_case(session, case, outcome="prevented", now=after(hours=1))
    assert escalation.status == "resolved"
