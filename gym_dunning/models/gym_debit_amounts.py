from ..tools import exact


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
