"""Read a bank's file of returns, whichever of the three kinds it is."""

MAX_SIZE = 20 * 1024 * 1024


def read_returns(content, max_size=MAX_SIZE):
    """Return what the file says of returned or rejected debits.

    :raise UnreadableFile: it is none of the kinds, damaged or hostile
    """
    raise NotImplementedError
