"""Does a booking give the money of a direct debit back?

Banks say so in many ways. What says so for certain is `SURE`; what may be one is
named by the code of the doubt, to be looked at by a person; "" is another booking.
"""

import re
import unicodedata

SURE = "sure"

# ISO 20022: direct debits issued and received; banks mix the two up.
DEBIT_FAMILIES = ("IDDT", "RDDT")
ISSUED = "IDDT"
# Unpaid, refunded, recalled, reversed, rejected.
RETURNED_KINDS = ("UPDD", "PRDD", "RCDD", "ARET", "RRTN", "RJCT", "RVSL")
# What the bank takes for its work is no return.
FEE_KINDS = ("CHRG", "COMM", "FEES", "TAXE", "INTR", "COMT", "COME", "COMI", "OVCH")
# Credit transfers that came back, say wages: they have a reason, too.
TRANSFER_FAMILIES = ("ICDT", "RCDT", "IRCT", "RRCT", "ICHQ", "RCHQ")
RECEIVED_FAMILIES = ("RCDT", "RRCT")
OTHER_FAMILIES = (*TRANSFER_FAMILIES, "CCRD", "MCRD", "ICCN", "RCCN", "DRFT", "CNTR")

# Germany (GVC): a debit that came back, in the codes of SEPA and before it.
GERMAN_RETURNS = ("009", "108", "109")
# Given back on the creditor's own demand.
GERMAN_REVERSALS = ("193",)
GERMAN_ISSUERS = ("DK", "ZKA", "DFUE")
# Credited: a debit, or all debits of a file.
GERMAN_COLLECTIONS = ("071", "171", "174", "192", "196")
# SWIFT's code of a returned item, before the GVC.
RETURNED_ITEM = re.compile(r"[NSF]?(RTI|RTN)\b")

_TEXTS = re.compile(
    r"ru(e)?ck(last|lfr|lauf|gabe|gegeb|belast|buch|ruf|weis)|retour|nicht eingel|storn"
    r"|impay|rejet|insolut|respint|devol|devuel|impagad|onbetaald|geweigerd|teruggeboe"
    r"|return|reject|unpaid|charge ?back|revers|refus|dishono|bounced|recall|refund"
)


def sign_of(direction, codes, own_codes, is_reversal, has_reason, texts):
    """Return `SURE`, the code of a doubt, or "".

    :param codes: (family, kind) of ISO 20022, the nearest first
    :param own_codes: (code, issuer) of the bank's own lists
    :param has_reason: it has a block of a return
    :param texts: what the bank itself writes, not the payer
    """
    family = codes[0][0] if codes else ""
    if direction != "DBIT" or is_fee(codes):
        return ""
    if _is_named(codes) or (has_reason and family not in TRANSFER_FAMILIES):
        return SURE
    german = _german(own_codes)
    if german in GERMAN_RETURNS:
        return SURE
    if is_reversal and family not in OTHER_FAMILIES:
        return SURE if family in DEBIT_FAMILIES else "by_reversal"
    if family == ISSUED or german in GERMAN_REVERSALS or _is_returned_item(own_codes):
        return "by_code"
    if family not in OTHER_FAMILIES and _TEXTS.search(plain(texts)):
        return "by_text"
    return ""


def is_money_back(direction, codes, is_reversal, has_reason):
    """Tell whether a return seems to be taken back: the money comes once more."""
    if direction != "CRDT":
        return False
    family = codes[0][0] if codes else ""
    if family in OTHER_FAMILIES:
        return False
    return is_reversal or has_reason or _is_named(codes)


def is_collection(codes, own_codes):
    """Tell whether the bank credits direct debits that it collected."""
    if codes and codes[0][0] in DEBIT_FAMILIES:
        return not _is_named(codes)
    return _german(own_codes) in GERMAN_COLLECTIONS


def is_own_money(codes, is_reversal, has_reason):
    """Tell whether money that comes in was ours: a transfer of ours that came back, a
    charge or an interest of the bank."""
    return is_reversal or has_reason or is_fee(codes) or _is_named(codes)


def is_taken_back(codes, is_reversal, has_reason):
    """Tell whether the bank takes back what it had credited by a transfer."""
    family = codes[0][0] if codes else ""
    return family in RECEIVED_FAMILIES and (is_reversal or has_reason)


def _is_named(codes):
    return any(
        family in DEBIT_FAMILIES and kind in RETURNED_KINDS for family, kind in codes
    )


def is_fee(codes):
    """Tell whether the bank books what it takes for its work."""
    return bool(codes) and codes[0][1] in FEE_KINDS


def _german(own_codes):
    """Return the GVC: alone, or second in `NRTI+109+0931+901`."""
    for code, issuer in own_codes:
        parts = code.split("+")
        if len(parts) > 1:
            return parts[1]
        if issuer in GERMAN_ISSUERS or not issuer:
            return code
    return ""


def _is_returned_item(own_codes):
    return any(RETURNED_ITEM.match(code) for code, _issuer in own_codes)


def plain(text):
    """Return the text in small letters without accents.

    >>> plain("Prélèvement IMPAYÉ")
    'prelevement impaye'
    """
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
