"""What an entry is known by when it is read again, from whatever file."""

import hashlib


def digest(parts):
    """Return a short, stable name of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def booking_key(account, reference):
    """Return what a booking is known by, of an account and the bank's own reference."""
    return digest([account, reference])


def money_key(entry):
    """Return amount and currency, the same for 10.5 and 10.50."""
    return f"{entry.amount.normalize():f} {entry.currency}"
