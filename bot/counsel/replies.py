"""What to say in each situation: plain functions from a situation to speeches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.bank import Bank
from bot.counsel.phrases import phrases

_QUOTE_CHARACTERS = 60
_QUOTES = 2


@dataclass(frozen=True)
class Speech:
    """One message of the assistant.

    Args:
        text: The words.
        buttons: Titles of suggested replies; typed as text they mean the same.
        card: A contact card to show beneath, as plain values.
    """

    text: str
    buttons: tuple[str, ...] = ()
    card: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Reply:
    """The whole answer to one message.

    Args:
        speeches: The messages, in order; at most one of them asks.
        asked: What was asked, so that a bare "yes" can be understood; empty when nothing was.
    """

    speeches: tuple[Speech, ...]
    asked: str = ""


@dataclass(frozen=True)
class Told:
    """A human who knows of the case; it exists only after the commit.

    Args:
        reference: Public reference of the case.
        card: Whom the customer reaches, as plain values.
        fresh: Whether this very message made us tell him.
    """

    reference: str
    card: Mapping[str, str]
    fresh: bool


@dataclass(frozen=True)
class Situation:
    """All that counsel needs to know.

    Args:
        language: Language to answer in.
        bank: Gives names and numbers.
        level: How surely it is a scam, over the whole case.
        exposure: How far in the customer is, over the whole case.
        script: What is known of the leading script, or ``None``.
        next: What the caller will say next, or ``None``.
        evidence: ``(quote, why)`` pairs of the case, this message's first.
        said: The pairs of this message alone.
        manager: Name of the account manager; ``None`` for a visitor.
        told: Who has been told; ``None`` when nobody has.
        failed: Whether somebody should have been told but could not be.
        misses: How many messages in a row were not understood.
        goes_on: Whether the customer was warned in this talk before.
    """

    language: str
    bank: Bank
    level: str = "clear"
    exposure: str = "asking"
    script: Mapping[str, Any] | None = None
    next: str | None = None
    evidence: Sequence[tuple[str, str]] = field(default=())
    said: Sequence[tuple[str, str]] = field(default=())
    manager: str | None = None
    told: Told | None = None
    failed: bool = False
    misses: int = 0
    goes_on: bool = False

    def say(self, key: str, *buttons: str, **fields: str) -> Speech:
        """Return a phrase of this situation's language as a speech with buttons."""
        words = phrases(self.language)
        known = {**self.bank.fields(self.language), **fields}
        return Speech(words.say(key, **known), tuple(words.buttons[name] for name in buttons))

    @property
    def warned(self) -> bool:
        """Whether the case is one of which the customer is warned."""
        return self.level in ("suspicious", "scam")

    @property
    def counsel(self) -> str:
        """The one thing to do this minute."""
        assert self.script is not None  # noqa: S101 - callers look first
        words: str = self.script["counsel"][self.exposure][self.language]
        return words

    @property
    def honest_way(self) -> str:
        """How to check the claim for real, by the leading script or in general."""
        if self.script is None:
            return ""
        words: str = self.script["honest_way"][self.language]
        return words


def tell_of_call(s: Situation) -> Reply:
    """Answer a told story: what it is, why, what comes next, what to do, one question."""
    if not s.warned or s.script is None:
        return _not_warned(s)
    title = s.script["title"][s.language]
    speeches = [
        s.say(
            "recognised_again" if s.goes_on else f"recognised_{s.level}",
            title=title,
            evidence=_evidence(s),
        ),
        *_next_and_do(s),
        *_told(s),
    ]
    if s.exposure == "paid":
        return Reply((*speeches, s.say("paid_question")), "payment")
    if s.told or s.failed:  # Whom we cannot reach, we do not offer.
        question = s.say("before_you_pay_question", "not_paid", "paid", "what_next")
        return Reply((*speeches, question), "sent_yet")
    offer = "offer_manager" if s.manager else "offer_duty_desk"
    buttons = ("still_on", "not_on", "manager" if s.manager else "person", "paid")
    return Reply((*speeches, s.say(offer, *buttons, manager=s.manager or "")), "on_phone")


def on_the_phone(s: Situation) -> Reply:
    """Cut the line first."""
    question = s.say("on_the_phone_question", "hung_up", "still_on")
    return Reply((s.say("on_the_phone"), *_told(s), question), "hung_up_yet")


def about_to_pay(s: Situation) -> Reply:
    """Hold the payment, name the pattern, predict."""
    speeches = [s.say("before_you_pay")]
    if s.warned and s.next:
        speeches.append(s.say("next_move", next=s.next))
    question = s.say("before_you_pay_question", "not_paid", "paid", "check")
    return Reply((*speeches, *_told(s), question), "sent_yet")


def gave_secret(s: Situation) -> Reply:
    """Lock what they can reach, then ask what it was."""
    return Reply(
        (s.say("secret_given"), *_told(s), s.say("secret_given_question", "paid", "not_paid")),
        "secret",
    )


def has_paid(s: Situation) -> Reply:
    """Say what to do before the first question."""
    return Reply(
        (s.say("paid_first"), s.say("paid_blame"), *_told(s), s.say("paid_question")), "payment"
    )


def payment_told(s: Situation) -> Reply:
    """Thank for what was told of the payment, and warn of the second scam."""
    if s.told is None:
        return has_paid(s)
    noted = s.say("paid_noted", reference=s.told.reference)
    return Reply((noted, s.say("paid_warning"), *_told(s)))


def called_again(s: Situation) -> Reply:
    """Resume where the case stood: the prediction has come true."""
    speeches = [s.say("again_paid" if s.exposure == "paid" else "again")]
    if s.script is not None and s.warned:
        speeches += _next_and_do(s)
    question = s.say("again_question", "still_on", "hung_up", "paid")
    return Reply((*speeches, *_told(s), question), "answered")


def doubts_us(s: Situation) -> Reply:
    """Do not argue: give the way to check, and ask what convinces."""
    speeches = []
    if s.said:
        quote, why = s.said[0]
        speeches.append(s.say("evidence_one", quote=_short(quote), why=why))
    way = s.say("doubts", honest_way=s.honest_way) if s.script else s.say("doubts_general")
    question = s.say("doubts_question", "what_next", "manager" if s.manager else "person")
    return Reply((*speeches, way, question), "story")


def ask_what_next(s: Situation) -> Reply:
    """Predict, because a prediction that comes true breaks the hold."""
    if not (s.warned and s.script and s.next):
        return Reply((s.say("next_unknown"),), "story")
    return Reply((*_next_and_do(s), s.say("next_question", "affirm", "deny")), "next_happened")


def ask_honest_way(s: Situation) -> Reply:
    """Show how to check a real debt or a real case."""
    given = s.say("honest_way", honest_way=s.honest_way) if s.script else None
    question = s.say("honest_way_question", "affirm", "deny")
    return Reply((given or s.say("honest_way_general"), question), "help_check")


def ask_person(s: Situation) -> Reply:
    """Bring in the human; the words follow what has been committed."""
    told = _told(s, again=True)
    if s.warned:
        return Reply(told)
    return Reply((*told, s.say("tell_more")), "story")


def ask_manager_contact(s: Situation) -> Reply:
    """Show the card and nothing else."""
    if s.told is None:
        return Reply(_told(s) or (s.say("nobody_told"),))
    key = "card_manager" if s.told.card["kind"] == "manager" else "card_duty_desk"
    return Reply((_with_card(s.say(key), s.told.card),))


def correct(s: Situation) -> Reply:
    """Take back, and ask for the story again."""
    return Reply((s.say("corrected" if s.evidence else "nothing_to_correct"),), "story")


def hung_up(s: Situation) -> Reply:
    """Praise the hardest step, then ask what was lost."""
    question = s.say("hung_up_question", "nothing_given", "gave", "paid")
    return Reply((s.say("hung_up"), question), "lost")


def is_fine(s: Situation) -> Reply:
    """Leave the door open for the evening."""
    return Reply((s.say("fine", "they_called_again"),))


def nothing_lost(s: Situation) -> Reply:
    """Say so, and prepare for the evening."""
    return Reply((s.say("nothing_lost", "they_called_again"),))


def lost_which(s: Situation) -> Reply:
    """Ask what was lost, because the way back differs."""
    return Reply((s.say("lost_which", "paid", "gave"),), "story")


def not_paid(s: Situation) -> Reply:
    """Keep the money where it is."""
    counsel = s.counsel if s.script and s.warned else ""
    return Reply((s.say("not_paid_yet", "what_next", "check", counsel=counsel),))


def still_on(s: Situation) -> Reply:
    """Hang up first, whatever is being said."""
    return Reply((s.say("still_on", "hung_up"), *_told(s)), "hung_up_yet")


def may_hurt_self(s: Situation) -> Reply:
    """Give the human and the emergency number at once, nothing else."""
    if s.told is None:
        return Reply((s.say("despair_untold"),))
    # Nobody can ring a visitor whose number we do not have.
    speech = s.say("despair" if s.manager else "despair_visitor")
    return Reply((_with_card(speech, s.told.card),))


def stay_close(s: Situation) -> Reply:
    """After words of despair nothing else counts for the rest of the talk."""
    return Reply((s.say("despair_stay"), *_told(s)), "close")


def all_right(s: Situation) -> Reply:
    """Take a no for an answer, and stay reachable."""
    return Reply((s.say("all_right", "they_called_again"),))


def leave_me_alone(s: Situation) -> Reply:
    """Obey."""
    return Reply((s.say("leave_alone"),))


def ask_banking(s: Situation) -> Reply:
    """Point to the right place, without alarm."""
    return Reply((s.say("banking"),))


def change_language(s: Situation) -> Reply:
    """Go on in the language asked for."""
    return Reply((s.say("language"),), "story")


def not_understood(s: Situation) -> Reply:
    """Ask once in other words; the second time a person must do."""
    if s.misses > 1:
        buttons = ("manager" if s.manager else "person",)
        return Reply((s.say("not_understood_person", *buttons),))
    if s.warned and s.script:
        return _keep_to_the_step(s)
    return Reply((s.say("not_understood"),), "story")


def _keep_to_the_step(s: Situation) -> Reply:
    """Inside a case, what was not understood changes nothing of what to do now."""
    step = s.say("do_now", counsel=s.counsel)
    if s.exposure == "paid":
        return Reply((s.say("not_understood_in_case"), step, s.say("paid_question")), "payment")
    question = s.say("before_you_pay_question", "not_paid", "paid")
    return Reply((s.say("not_understood_in_case"), step, question), "sent_yet")


def which_help(s: Situation) -> Reply:
    """Ask for the story when an answer belongs to no question."""
    return Reply((s.say("which_help"),), "story")


TOPICS: dict[str, Callable[[Situation], Reply]] = {
    function.__name__: function
    for function in (
        tell_of_call,
        on_the_phone,
        about_to_pay,
        gave_secret,
        has_paid,
        payment_told,
        called_again,
        doubts_us,
        ask_what_next,
        ask_honest_way,
        ask_person,
        ask_manager_contact,
        correct,
        hung_up,
        is_fine,
        nothing_lost,
        lost_which,
        not_paid,
        still_on,
        may_hurt_self,
        stay_close,
        all_right,
        leave_me_alone,
        ask_banking,
        change_language,
        not_understood,
        which_help,
    )
}


def _not_warned(s: Situation) -> Reply:
    if s.level == "clear":
        return Reply((s.say("nothing_seen"),), "story")
    if s.evidence:
        quote, why = s.evidence[0]
        noticed = s.say("unsure_evidence", quote=_short(quote), why=why)
        return Reply((noticed, s.say("unsure", "check")), "story")
    return Reply((s.say("unsure", "check"),), "story")


def _evidence(s: Situation) -> str:
    words = phrases(s.language)
    return "\n".join(
        words.say("evidence_next" if at else "evidence_one", quote=_short(quote), why=why)
        for at, (quote, why) in enumerate(s.evidence[:_QUOTES])
    )


def _next_and_do(s: Situation) -> tuple[Speech, ...]:
    do = s.say("do_now", counsel=s.counsel)
    return (s.say("next_move", next=s.next), do) if s.next else (do,)


def _told(s: Situation, *, again: bool = False) -> tuple[Speech, ...]:
    """Say who knows: only what has been committed, and honestly when nobody does.

    Args:
        s: The situation.
        again: Say it also of somebody who was told before this message.
    """
    if s.failed:
        return (s.say("nobody_told"),)
    if s.told is None or not (s.told.fresh or again):
        return ()
    manager = s.told.card["kind"] == "manager"
    key = "told_manager" if manager else "told_duty_desk"
    if not s.told.fresh:
        key = f"still_{key}"
    name = {"manager": s.told.card["name"]} if manager else {}
    speech = s.say(key, reference=s.told.reference, **name)
    return (_with_card(speech, s.told.card),)


def _with_card(speech: Speech, card: Mapping[str, str]) -> Speech:
    return Speech(speech.text, speech.buttons, card)


def _short(quote: str) -> str:
    quote = " ".join(quote.split())
    return quote if len(quote) <= _QUOTE_CHARACTERS else quote[: _QUOTE_CHARACTERS - 1] + "…"
