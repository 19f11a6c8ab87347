from . import (
    account_payment,
    gym_dunning_policy,
    gym_open_item,
    gym_page,
    gym_page_pay,
    payment_provider,
    payment_transaction,
    payment_transaction_book,
    res_partner,
)
