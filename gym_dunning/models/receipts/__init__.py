from . import (
    account_payment,
    gym_bank_books,
    gym_bank_file,
    gym_receipt_file,
    gym_receipt,
    gym_receipt_assign,
    gym_receipt_book,
    gym_receipt_line,
    gym_receipt_matching,
    gym_receipt_prepare,
    res_company,
    res_config_settings,
)
