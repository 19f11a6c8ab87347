from typing import NamedTuple


class Finding(NamedTuple):
    """What a line of a statement is.

    `is_known`: it names something of ours, so the OCA's rules are not asked;
    `is_sure`: it may be reconciled by itself. `shares` are (journal item, amount in the
    currency of the bank).
    """

    is_known: bool = False
    is_sure: bool = False
    reason: str = ""
    hint: str = ""
    partner_id: int | bool = False
    shares: tuple = ()
