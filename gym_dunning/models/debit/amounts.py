from decimal import Decimal

from ...tools import exact, total


def less_credit(amounts, credit):
    """Return what is to be collected of each item once a credit is taken off.

    The credit covers the first items; what it covers wholly is left out. All that
    is returned is above zero, and together with the credit used it is what was
    owed, to the cent, in currencies of any decimals.

    :param amounts: dict of item to amount, oldest first
    :param credit: what the member has to his credit, 0 or more

    >>> less_credit({"a": 30.1, "b": 20.2}, 0.0)
    {'a': 30.1, 'b': 20.2}
    >>> less_credit({"a": 30.1, "b": 20.2}, 30.2)
    {'b': 20.1}
    >>> less_credit({"a": 30.3}, 10.1 * 3)
    {}
    """
    left = max(exact(credit), 0)
    result = {}
    for item, amount in amounts.items():
        due = exact(amount)
        covered = min(left, due)
        left -= covered
        if due > covered:
            result[item] = float(due - covered)
    return result


class Purse:
    """Credits of debtors: a centre uses its own and those of the companies above it.

    Keys are (company, debtor, currency), as `gym.open.item._debtor_key` gives them.
    """

    def __init__(self, credits):
        """Fill it with lists of amounts by key."""
        self.left = {key: exact(total(some)) for key, some in credits.items()}
        self.owners = {}  # by company, itself and those above it, the nearest first

    def take(self, key, amount):
        """Take up to an amount, the own centre's first; return what was taken."""
        company, *debtor = key
        wanted = max(exact(amount), Decimal(0))
        taken = Decimal(0)
        for owner in self._owners(company):
            own = owner, *debtor
            part = min(wanted - taken, self.left.get(own, Decimal(0)))
            taken += part
            if part:
                self.left[own] -= part
        return float(taken)

    def share(self, needs):
        """Return what each key takes for what it needs, the companies above first."""
        from_above = sorted(needs, key=lambda key: len(self._owners(key[0])))
        return {key: self.take(key, needs[key]) for key in from_above}

    def _owners(self, company):
        if company not in self.owners:
            # sudo: only whose branch it is; the company itself is its last parent
            self.owners[company] = list(company.sudo().parent_ids[::-1])
        return self.owners[company]
