"""Numbers and references in what a payer wrote: without Odoo.

People type blanks for slashes and leave out zeros; banks cut and join. A number is
therefore known by two keys: its parts without leading zeros, and all of it in one.
"""

import re

_RUNS = re.compile(r"[A-Z]+|[0-9]+")
_JOINED = re.compile(r"[A-Z0-9]+")
# INV/2026/01/00012 has four, and a word that is written before it may be joined.
MOST_PARTS = 6
# A text of 500 characters has some 80 words.
MOST_KEYS = 600
# Shorter ones are days, months and amounts; a letter makes it a number of somebody's.
SHORTEST, SHORTEST_WITH_LETTER = 4, 3
RF = re.compile(r"RF[0-9]{2}")
# A creditor's reference has up to 21 characters behind "RF" and two digits.
RF_LENGTHS = range(5, 26)
QRR_LENGTH = 27


def keys_of(number):
    """Return what a number of ours is known by.

    >>> sorted(keys_of("INV/2026/00012"))
    ['INV202600012', 'INV|2026|12']
    >>> sorted(keys_of("0815"))
    ['0815', '815']
    """
    runs = _RUNS.findall((number or "").upper())
    if not any(run.isdigit() for run in runs):
        return set()
    return {_parts_key(runs), "".join(runs)}


def _parts_key(runs):
    return "|".join(run.lstrip("0") or "0" if run.isdigit() else run for run in runs)


def keys_in(text):
    """Return the keys of all numbers that may stand in a text, in their order.

    >>> "INV|2026|12" in keys_in("Rechnung inv 2026-12, danke")
    True
    >>> "INV202600012" in keys_in("Rg INV202600012")
    True
    """
    words = [_RUNS.findall(word) for word in _JOINED.findall((text or "").upper())]
    found = {}
    for start in range(len(words)):
        runs = []
        for word in words[start : start + MOST_PARTS]:
            runs += word
            if len(runs) > MOST_PARTS:
                break
            if _is_number(runs):
                found[_parts_key(runs)] = found["".join(runs)] = None
        if len(found) > MOST_KEYS:
            break
    return list(found)


def _is_number(runs):
    """A number of ours has a digit, and is no day or amount."""
    has_digit = any(run.isdigit() for run in runs)
    has_letter = any(run.isalpha() for run in runs)
    shortest = SHORTEST_WITH_LETTER if has_letter else SHORTEST
    return has_digit and len("".join(runs)) >= shortest


def references_in(text):
    """Return what may be a structured reference in a text; blanks do not count.

    >>> "RF18539007547034" in references_in("Ref RF18 5390 0754 7034 Miete")
    True
    >>> references_in("00 00000 00000 00000 00000 00017")
    ['000000000000000000000000017']
    """
    joined = "".join(_JOINED.findall((text or "").upper()))
    found = {}
    for match in RF.finditer(joined):
        rest = joined[match.start() :]
        for length in RF_LENGTHS:
            if length <= len(rest):
                found[rest[:length]] = None
    for digits in re.findall(rf"(?<!\d)\d{{{QRR_LENGTH}}}(?!\d)", joined):
        found[digits] = None
    return list(found)
