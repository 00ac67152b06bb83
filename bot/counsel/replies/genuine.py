"""A link, a number or an account is shown: what can be known of it, and the honest way to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.counsel.replies.money import with_question
from bot.counsel.replies.parts import short, told_of
from bot.counsel.replies.situation import Reply, Situation, Speech
from bot.counsel.replies.telling import tell_of_call
from bot.provenance import Finding, look

_MOST = 2
"""So many things are explained at once; the rest gets one sentence for all."""


def ask_if_genuine(s: Situation) -> Reply:
    """Answer what was asked first; then what the case needs, briefly."""
    findings = _findings(s)
    checked = _checked(s, findings)
    if s.warned and s.script:
        return _in_a_case(s, checked)
    if not checked:
        return Reply((*_noticed(s), s.say("genuine_ask")), "to_check")
    speeches = (*checked, *_noticed(s), _honest_way(s, findings), s.say("genuine_question"))
    return Reply(speeches, "story")


def _in_a_case(s: Situation, checked: Sequence[Speech]) -> Reply:
    """Say nothing of the check that could make the case look better than it is."""
    if s.said or not s.goes_on:
        # The prediction is left out: the answer to the check has taken its place.
        counsel = tell_of_call(replace(s, next=None))
        return replace(counsel, speeches=(*checked, *counsel.speeches))
    step = (*checked, s.say("do_now", counsel=s.counsel), *told_of(s))
    if s.exposure == "paid":
        return with_question(s, step)
    question = s.say("before_you_pay_question", "not_paid", "paid", "check")
    return Reply((*step, question), "sent_yet")


def _findings(s: Situation) -> tuple[Finding, ...]:
    """Return what the latest message that shows anything shows; "is it real?" means that one."""
    return next((found for text in reversed(s.sent) if (found := look(text, s.bank))), ())


def _checked(s: Situation, findings: Sequence[Finding]) -> tuple[Speech, ...]:
    speeches = [_said_of(s, finding) for finding in findings[:_MOST]]
    if len(findings) > _MOST:
        speeches.append(s.say("genuine_more"))
    return tuple(speeches)


def _said_of(s: Situation, finding: Finding) -> Speech:
    known = {"shown": finding.shown, "ours": finding.ours}
    speech = s.say(_key(finding), **known)
    if not finding.sign:
        return speech
    sign = s.say(f"genuine_sign_{finding.sign}", port=str(finding.port))
    gap = "" if s.language == "zh" else " "
    return Speech(f"{speech.text}{gap}{sign.text}")


def _key(finding: Finding) -> str:
    if finding.kind == "account":
        return "genuine_account"
    if finding.verdict == "looks_like_ours":
        return f"genuine_like_{finding.trick}"
    if finding.verdict == "hides_its_name":
        return f"genuine_hides_{finding.trick}"
    if finding.verdict == "shortened":
        return "genuine_shortened"
    verdict = finding.verdict if finding.listed or finding.kind == "number" else "unlisted"
    return f"genuine_{finding.kind}_{verdict}"


def _honest_way(s: Situation, findings: Sequence[Finding]) -> Speech:
    """Give one way to check, for what costs most where it is false."""
    kinds = {"link" if finding.kind == "mail" else finding.kind for finding in findings}
    return s.say(f"genuine_way_{min(kinds)}")  # By the alphabet: account, link, number.


def _noticed(s: Situation) -> tuple[Speech, ...]:
    if s.level == "clear" or not s.evidence:
        return ()
    quote, why = s.evidence[0]
    return (s.say("unsure_evidence", quote=short(quote), why=why),)
