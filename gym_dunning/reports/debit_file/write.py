"""Write a direct debit file in one of the formats."""


def write(format_code, debit_file):
    """Return the file as bytes.

    :raise DebitFileError: with every reason why the bank would refuse it
    """
    raise NotImplementedError
