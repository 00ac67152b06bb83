"""Money is about to leave, has left, or stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.counsel.replies.company import company_of
from bot.counsel.replies.parts import child, relapse_of, told_of, whom_of
from bot.counsel.replies.situation import Reply, Situation, Speech

_CHANNELS = (
    *("corporate_online", "online", "mobile", "counter", "atm"),
    *("cash", "gift_card", "crypto"),
)
#: What our desk cannot stop by itself.
_OFF_RAILS = ("cash", "gift_card", "crypto")
_OWN_QUESTIONS = frozenset(["payee_gift_card", "payee_crypto"])
_BUTTONS = {
    "amount": ("dont_know",),
    "time": ("dont_know",),
    "channel": (*_CHANNELS, "dont_know"),
    "payee": ("dont_know",),
    "caller": ("still_on", "hung_up"),
}


def about_to_pay(s: Situation) -> Reply:
    """Hold the payment, name the pattern, predict."""
    held = s.say("other_hold", whom=whom_of(s)) if s.whom else s.say("before_you_pay")
    speeches = [*child(s), *relapse_of(s), held]
    if s.warned and s.next:
        speeches.append(s.say("next_move", next=s.next))
    speeches += company_of(s)
    question = s.say("before_you_pay_question", "not_paid", "paid", "check")
    return Reply((*speeches, *told_of(s), question), "sent_yet")


def not_paid(s: Situation) -> Reply:
    """Keep the money where it is; in a company, a second pair of eyes helps to keep it there."""
    counsel = s.counsel if s.script and s.warned else ""
    stays = s.say("not_paid_yet", "what_next", "check", counsel=counsel)
    if not s.warned or s.representative is None or s.representative.told:
        return Reply((stays,))
    return Reply((s.say("not_paid_yet", counsel=counsel), _offer(s)), "representative")


def has_paid(s: Situation) -> Reply:
    """Say what to do before the first question."""
    late = (s.say(f"paid_{s.paid_ago}"), s.say("paid_warning")) if s.paid_ago else ()
    blame = s.say("other_paid", whom=whom_of(s)) if s.whom else s.say("paid_blame")
    first = (_first(s),) if _elsewhere(s) or not late else late
    speeches = (*child(s), *first, blame, *_read_back(s), *told_of(s))
    if s.payment and s.payment.question is None:
        return _all_told(s, speeches)
    return with_question(s, speeches)


def payment_told(s: Situation) -> Reply:
    """Read back what was understood, and ask the next thing or close with the warnings."""
    if s.payment is None:
        return has_paid(s)
    if s.payment.not_read and s.payment.question:
        elsewhere = s.payment.not_read == "plea" and _elsewhere(s)
        asks = with_question(s, (_first(s) if elsewhere else s.say(f"paid_{s.payment.not_read}"),))
        return replace(asks, missed=True)
    speeches = [*(_read_back(s) or (s.say("paid_noted"),)), *told_of(s)]
    if s.payment.way_is_new:
        speeches.insert(0, _first(s))
    if s.paid_ago:
        speeches.append(s.say(f"paid_{s.paid_ago}"))
        speeches += [s.say("paid_warning")] * bool(s.payment.question)
    if s.payment.caller_there:
        speeches.append(s.say("on_the_phone"))
    if s.payment.question:
        return with_question(s, speeches)
    return _all_told(s, speeches)


def tell_representative(s: Situation) -> Reply:
    """Tell somebody of the company, so that the customer need not explain it alone."""
    if s.failed:
        return Reply(told_of(s))
    if s.representative is None or not s.representative.told:
        return Reply((s.say("representative_missing"),))
    key, name = f"representative_{s.representative.told}", s.representative.name
    return Reply((s.say(key, name=name, manager=s.manager or ""),))


def not_telling(s: Situation) -> Reply:
    """Leave it to the customer whom of his company he tells."""
    return Reply((s.say("not_telling"),))


def with_question(s: Situation, speeches: Sequence[Speech]) -> Reply:
    """Ask the next thing about the payment, where something is left to ask.

    Without a record of the payment, the first question is asked.
    """
    question = s.payment.question if s.payment else "amount"
    if question is None:
        return Reply(tuple(speeches))
    own = f"{question}_{s.payment.way}" if s.payment else ""
    wording = own if own in _OWN_QUESTIONS else question
    asks = s.say(f"paid_ask_{wording}", *_BUTTONS[question])
    return Reply((*speeches, asks), f"payment_{question}")


def _all_told(s: Situation, speeches: Sequence[Speech]) -> Reply:
    """Say where it went, warn of the second scam, and offer what helps afterwards."""
    assert s.payment is not None  # noqa: S101 - callers look first
    after = [s.say("paid_warning")]
    if s.payment.at_desk and s.known.reference:
        key = "paid_elsewhere" if _elsewhere(s) else "paid_at_desk"
        after.insert(0, s.say(key, reference=s.known.reference))
    if s.payment.company:
        after.append(s.say("paid_witness"))
    if s.payment.report:
        speech = s.say("paid_report")
        after.append(Speech(speech.text, link=s.payment.report))
    after.append(s.say("paid_support"))
    if s.representative and not s.representative.told:
        return Reply((*speeches, *after, _offer(s)), "representative")
    return Reply((*speeches, *after))


def _read_back(s: Situation) -> tuple[Speech, ...]:
    if s.payment is None or not s.payment.noted:
        return ()
    details = " · ".join(s.payment.noted)
    if s.payment.assumed:
        return (s.say("paid_read_back_assumed", details=details, currency=s.payment.assumed),)
    return (s.say("paid_read_back", details=details),)


def _first(s: Situation) -> Speech:
    """Say what to do before anything else; it depends on the way that the money went."""
    if s.payment and s.payment.way in _OFF_RAILS:
        return s.say(f"paid_first_{s.payment.way}")
    if s.payment and s.payment.other_bank:
        return s.say("paid_first_other_bank", other=s.payment.other_bank)
    return s.say("paid_first_atm" if s.payment and s.payment.way == "atm" else "paid_first")


def _elsewhere(s: Situation) -> bool:
    """Whether the bank's own desk cannot stop it."""
    return s.payment is not None and (s.payment.way in _OFF_RAILS or bool(s.payment.other_bank))


def _offer(s: Situation) -> Speech:
    assert s.representative is not None  # noqa: S101 - callers look first
    return s.say("offer_representative", "affirm", "deny", name=s.representative.name)
