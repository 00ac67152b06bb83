"""Sums, moments, channels and payees as people say them, in Mandarin, English and both mixed.

Pure functions of a text: no input or output, no clock, no state. Offsets are those of the text
that was given, and reading takes time in proportion to its length.

No library reads the texts, and that was measured, on 22 sums, 24 times and 7 texts without a sum:
cn2an 10 of 22 (whole strings of Chinese only, fractions as floats), text2num 2, word2number 2,
price-parser 3, number-parser 5, quantulum3 6, the last three with 4 to 6 false sums of 7;
dateparser 13 of 24 (`昨晚八点` and "an hour and a half ago" are not read, "at eight" is read as the
month of August), parsedatetime 8 (English only, future before past). recognizers-text did not
import beside the current emoji library, jionlp brings 165 MB. The kept ones serve as independent
witnesses: tests have cn2an and num2words write numbers that must be read back.
"""

from __future__ import annotations

from bot.recovery.spoken.amounts import SpokenAmount, amounts_in, currency_in
from bot.recovery.spoken.answers import (
    Account,
    Arrival,
    Channel,
    account_in,
    arrival_in,
    caller_there,
    channel_in,
    says_unknown,
)
from bot.recovery.spoken.payees import SpokenPayee, payee_in, paying_bank_in
from bot.recovery.spoken.times import SpokenTime, time_in

__all__ = [
    "Account",
    "Arrival",
    "Channel",
    "SpokenAmount",
    "SpokenPayee",
    "SpokenTime",
    "account_in",
    "amounts_in",
    "arrival_in",
    "caller_there",
    "channel_in",
    "currency_in",
    "payee_in",
    "paying_bank_in",
    "says_unknown",
    "time_in",
]
