"""The calmer turns: telling, doubting, asking, correcting."""

from __future__ import annotations

from dataclasses import replace

from actions.base import CaseAction
from actions.services import get_services
from actions.turn import Turn


class TellOfCall(CaseAction):
    """The customer tells of a call, a message or a request."""

    topic = "tell_of_call"


class DoubtsUs(CaseAction):
    """The customer doubts the warning."""

    topic = "doubts_us"


class SuspectsUs(CaseAction):
    """The customer suspects this assistant of being the scam."""

    topic = "suspects_us"


class Angry(CaseAction):
    """The customer is angry, with us or with everybody."""

    topic = "angry"


class AskWhatNext(CaseAction):
    """The customer asks what comes next."""

    topic = "ask_what_next"


class AskHonestWay(CaseAction):
    """The customer asks how to check a claim for real."""

    topic = "ask_honest_way"


class AskManagerContact(CaseAction):
    """The customer asks for the account manager's number only."""

    topic = "ask_manager_contact"


class AskIfTold(CaseAction):
    """The customer asks whether a human really knows."""

    topic = "ask_if_told"


class TellRepresentative(CaseAction):
    """Somebody of the customer's company is to be told."""

    topic = "tell_representative"


class Correct(CaseAction):
    """The customer takes something back."""

    topic = "correct"


class HungUp(CaseAction):
    """The customer has hung up."""

    topic = "hung_up"


class IsFine(CaseAction):
    """Nothing more has happened."""

    topic = "is_fine"


class LeaveMeAlone(CaseAction):
    """The customer wants no more messages."""

    topic = "leave_me_alone"


class MessageAgain(CaseAction):
    """The customer asks to be asked again."""

    topic = "message_again"


class Greet(CaseAction):
    """The customer greets."""

    topic = "greet"


class Goodbye(CaseAction):
    """The customer leaves, or seems to."""

    topic = "goodbye"


class Thank(CaseAction):
    """The customer thanks."""

    topic = "thank"


class SmallTalk(CaseAction):
    """The customer talks of something else."""

    topic = "small_talk"


class WhoAreYou(CaseAction):
    """The customer asks what we are."""

    topic = "who_are_you"


class AskBanking(CaseAction):
    """An ordinary banking question."""

    topic = "ask_banking"


class ChangeLanguage(CaseAction):
    """The customer wants the other language."""

    topic = "change_language"

    def read(self, turn: Turn) -> Turn:
        """Go on in the language that was named; without a name, in the one it was asked in."""
        named = get_services().recogniser.language_named(turn.text)
        return replace(super().read(turn), language=named or turn.language)
