"""Which items money pays: without Odoo.

Amounts are integers in the smallest unit of the currency.
"""


def fits(amount, items):
    """Tell whether an amount is all that is open, one item of it, or the oldest ones.

    >>> from odoo.addons.gym_dunning.models.ledger.clearing import Item
    >>> one, two = Item(1, 4990, 7, (1,)), Item(2, 2000, 7, (2,))
    >>> fits(6990, [one, two]), fits(2000, [one, two]), fits(3000, [one, two])
    (True, True, False)
    """
    if any(item.left == amount for item in items):
        return True
    so_far = 0
    for item in sorted(items, key=lambda item: item.key):
        so_far += item.left
        if so_far == amount:
            return True
    return False
