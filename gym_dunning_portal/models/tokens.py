"""What a link to the member's page ends with: numbers, signed by the database's key.

Nothing of it is stored: the member, the creditor, the way the link went, its last day
and how often links of this member were withdrawn stand in it, and a code over them.
"""

import base64
import binascii
import struct
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import consteq
from odoo.tools.misc import hmac

SCOPE = "gym_dunning_portal"
# The way a link reaches its person; the number stands in the token, so it stays.
PURPOSES = {
    "letter": 1,
    "email": 2,
    "sms": 3,
    "desk": 4,
    "account": 5,
    "pay": 6,
    "mandate": 7,
}
EPOCH = date(2020, 1, 1)
MAX_DAYS = 2**16 - 1
CLAIMS = struct.Struct(">IIBHH")
CODE_BYTES = 17  # with the claims 30 bytes: no character of base64 has bits to spare
LENGTH = 40


class Claims(NamedTuple):
    """What a token says."""

    partner_id: int
    company_id: int
    purpose: str
    last_day: date
    counter: int

    def _packed(self):
        days = min(max((self.last_day - EPOCH).days, 0), MAX_DAYS)
        numbers = (self.partner_id, self.company_id, PURPOSES[self.purpose])
        return CLAIMS.pack(*numbers, days, self.counter % 2**16)


def make(env, claims):
    """Return the token of these claims, 40 characters that are safe in URLs.

    :param env: with superuser rights, for the key
    """
    packed = claims._packed()
    return base64.urlsafe_b64encode(packed + _code(env, packed)).decode()


def read(env, token):
    """Return the claims of a token; None where it was not made by this database.

    :param env: with superuser rights, for the key
    """
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        content = base64.b64decode(token, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    packed, code = content[: CLAIMS.size], content[CLAIMS.size :]
    if not consteq(code.hex(), _code(env, packed).hex()):
        return None
    return _claims(packed)


def _claims(packed):
    partner_id, company_id, number, days, counter = CLAIMS.unpack(packed)
    purpose = next(name for name, one in PURPOSES.items() if one == number)
    return Claims(
        partner_id, company_id, purpose, EPOCH + timedelta(days=days), counter
    )


def _code(env, packed):
    return bytes.fromhex(hmac(env, SCOPE, packed.hex()))[:CODE_BYTES]
