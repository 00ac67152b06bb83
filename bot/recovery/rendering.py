"""What people read of the rail clock: staff the countdown, customers only what to do now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.recovery.candidates import Reason
from bot.recovery.clock import Candidate, ClockView
from bot.recovery.ladder import HELD, PERHAPS_IN_BANK, WAITING, Rung
from bot.recovery.packs import Source
from bot.recovery.words import ClockWords, clock_words


def staff_lines(view: ClockView, language: str) -> list[str]:
    """Return the staff view: rails, every rung with its deadline, rule and source.

    Args:
        view: See `rail_clock`.
        language: A language of ``bot/recovery/words``.

    Raises:
        NotFoundError: There are no words in that language.
    """
    words = clock_words(language)
    lines = heading_lines(view, language)
    for number, rung in enumerate(view.ladder, start=1):
        state = words.say("joint").join([words.say(rung.state), *_ends(rung, view, words)])
        name = words.say(rung.id)
        lines.append(words.say("rung", number=number, name=name, state=state))
        lines += rung_details(rung, language)
    return [*lines, *footing_lines(view, language)]


def customer_lines(view: ClockView, language: str) -> list[str]:
    """Return what a customer reads: only what to do now, never a time, a length or a deadline.

    Args:
        view: See `rail_clock`.
        language: A language of the packs.

    Raises:
        NotFoundError: There are no words in that language.
    """
    clock_words(language)
    leading = view.candidates[0].choice.rail if view.candidates else None
    own = [leading.customer[language]] if leading and leading.customer else []
    steps = [step[language] for step in view.pack.first_steps]
    return [steps[0], *own, *steps[1:]]


def heading_lines(view: ClockView, language: str) -> list[str]:
    """Return what is known of the payment, and the rails it may be on."""
    words = clock_words(language)
    rails = [_rail_line(one, view, words) for one in view.candidates]
    others = [
        words.say("ruled_out", rail=one.rail.name[language], why=_why(one.why, words))
        for one in view.ruled_out
    ]
    now = words.say("now", now=in_zone(view.now, view, words))
    return [_payment_line(view, words), now, *rails, *others]


def rung_details(rung: Rung, language: str) -> list[str]:
    """Return why a rung is in its state, who takes it, the rule and where the rule was seen."""
    words = clock_words(language)
    return [
        words.say("why", why=_why(rung.why, words)),
        words.say("who", who=rung.who[language]),
        words.say("rule", rule=rung.rule[language]),
        _source_line("source", rung.source, words),
    ]


def footing_lines(view: ClockView, language: str) -> list[str]:
    """Return the notes, the sources of the hours, and what is past its review date."""
    words = clock_words(language)
    leaves = [one.leaves for one in view.candidates if one.leaves is not None]
    sources = {source.id: source for one in leaves for source in one.sources}
    return [
        *(_why((note,), words) for note in view.notes),
        *(_source_line("hours_source", source, words) for source in sources.values()),
        *(
            words.say(
                "overdue",
                review_by=source.review_by.isoformat(),
                what=source.what[words.language],
                publisher=source.publisher[words.language],
            )
            for source in view.overdue
        ),
    ]


def in_zone(moment: datetime, view: ClockView, words: ClockWords) -> str:
    """Write a moment as clocks show it where the paying bank is."""
    return words.moment(moment.astimezone(view.pack.zone))


def as_json(view: ClockView) -> dict[str, Any]:
    """Return the view for machines: times in ISO 8601 in the bank's zone, all languages."""

    def at(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(view.pack.zone).isoformat()

    payment = view.payment
    return {
        "jurisdiction": payment.jurisdiction,
        "payment": {
            "amount": None if payment.amount is None else str(payment.amount),
            "currency": payment.currency or view.pack.currencies[0],
            "submitted_at": at(payment.submitted_at),
            "channel": payment.channel,
            "arrival": payment.arrival,
            "paying_bank": payment.paying_bank,
            "receiving_bank": payment.receiving_bank,
        },
        "now": at(view.now),
        "rung": view.rung.id,
        "deadline": at(view.deadline),
        "rails": [
            {
                "id": one.rail_id,
                "name": dict(one.choice.rail.name),
                "likelihood": one.choice.likelihood,
                "why": [reason.key for reason in one.choice.why],
                "state": one.state,
                "leaves_bank_from": at(one.leaves.earliest) if one.leaves else None,
                "has_left_bank_by": at(one.leaves.latest) if one.leaves else None,
            }
            for one in view.candidates
        ],
        "ruled_out": [
            {"id": one.rail.id, "why": [reason.key for reason in one.why]} for one in view.ruled_out
        ],
        "ladder": [
            {
                "id": rung.id,
                "state": rung.state,
                "until": at(rung.until),
                "perhaps_until": at(rung.perhaps_until),
                "why": [reason.key for reason in rung.why],
                "who": dict(rung.who),
                "rule": dict(rung.rule),
                "source": dict(rung.source.what),
                "confidence": rung.source.confidence,
                "unconfirmed": rung.source.unconfirmed,
            }
            for rung in view.ladder
        ],
        "notes": [note.key for note in view.notes],
        "overdue": [source.id for source in view.overdue],
    }


def _payment_line(view: ClockView, words: ClockWords) -> str:
    payment, unknown = view.payment, words.say("not_known")
    currency = payment.currency or view.pack.currencies[0]
    submitted = payment.submitted_at
    return words.say(
        "payment",
        amount=unknown if payment.amount is None else f"{currency} {payment.amount:,.2f}",
        submitted=unknown if submitted is None else in_zone(submitted, view, words),
        channel=words.say(payment.channel) if payment.channel else unknown,
        arrival=words.say(payment.arrival) if payment.arrival else unknown,
        paying=payment.paying_bank or unknown,
        receiving=payment.receiving_bank or unknown,
    )


def _rail_line(one: Candidate, view: ClockView, words: ClockWords) -> str:
    moment = ""
    if one.leaves is not None:
        end = one.leaves.held_until if one.state == HELD else one.leaves.earliest
        moment = in_zone(end, view, words) if one.state in (HELD, WAITING, PERHAPS_IN_BANK) else ""
    return words.say(
        "rail",
        rail=one.choice.rail.name[words.language],
        likelihood=words.say(one.choice.likelihood),
        why=_why(one.choice.why, words),
        state=words.say(f"state_{one.state}", moment=moment),
    )


def _why(reasons: tuple[Reason, ...], words: ClockWords) -> str:
    return " ".join(
        words.say(reason.key, **{k: _given(v, words) for k, v in reason.given.items()})
        for reason in reasons
    )


def _given(value: object, words: ClockWords) -> object:
    """Return what is filled in; of words, those of the language."""
    return value[words.language] if isinstance(value, dict) else value


def _ends(rung: Rung, view: ClockView, words: ClockWords) -> Iterator[str]:
    if rung.until is not None:
        left = words.length(rung.until - view.now)
        yield words.say("until", until=in_zone(rung.until, view, words), left=left)
    if rung.perhaps_until is not None:
        yield words.say("perhaps_until", until=in_zone(rung.perhaps_until, view, words))


def _source_line(key: str, source: Source, words: ClockWords) -> str:
    return words.say(
        key,
        what=source.what[words.language],
        publisher=source.publisher[words.language],
        seen=source.seen.isoformat(),
        confidence=source.confidence,
        unconfirmed=words.say("unconfirmed") if source.unconfirmed else "",
    )
