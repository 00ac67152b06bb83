"""What a bare answer means, by what was asked, and what each button means."""

from __future__ import annotations

#: What a bare answer means, by what was asked.
ANSWERS: dict[str, dict[str, str]] = {
    "affirm": {
        "on_phone": "on_the_phone",
        "hung_up_yet": "hung_up",
        "sent_yet": "has_paid",
        "lost": "lost_which",
        "answered": "on_the_phone",
        "next_happened": "about_to_pay",
        "help_check": "ask_person",
        "tell_whom": "told_one",
        "representative": "tell_representative",
        "managers_word": "managers_word_said",
    },
    "deny": {
        "on_phone": "hung_up",
        "hung_up_yet": "still_on",
        "sent_yet": "not_paid",
        "lost": "nothing_lost",
        "answered": "all_right",
        "next_happened": "not_paid",
        "help_check": "all_right",
        "tell_whom": "tell_nobody",
        "secret": "nothing_lost",
        "representative": "all_right",
        "managers_word": "managers_word_differs",
    },
    "dont_know": {
        "secret": "gave_secret",
        "tell_whom": "tell_nobody",
        "managers_word": "managers_word_compare",
        "next_happened": "ask_honest_way",
        "story": "ask_honest_way",
    },
}

#: Titles so short that they mean this only where they answer what was asked.
GOT = ("got_code", "got_password", "got_card", "got_identity", "got_control")

#: What a button means: its words are our own, so nothing has to be recognised in them.
BUTTONS: dict[str, str] = {
    "hung_up": "hung_up",
    "still_on": "on_the_phone",
    "not_on": "hung_up",
    "manager": "ask_person",
    "person": "ask_person",
    "paid": "has_paid",
    "not_paid": "not_paid",
    "what_next": "ask_what_next",
    "check": "ask_honest_way",
    "nothing_given": "nothing_lost",
    "gave": "gave_secret",
    "fine": "is_fine",
    "they_called_again": "called_again",
    "they_paid": "has_paid",
    "they_not_paid": "not_paid",
    "they_on": "on_the_phone",
    "got_nothing": "nothing_lost",
    **dict.fromkeys(GOT, "gave_secret"),
    "word_said": "managers_word_said",
    "word_differs": "managers_word_differs",
    "word_seen": "managers_word_seen",
    **dict.fromkeys(("corporate_online", "online", "mobile", "counter", "atm"), "payment_told"),
    **dict.fromkeys(("cash", "gift_card", "crypto"), "payment_told"),
}
