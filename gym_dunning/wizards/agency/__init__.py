from . import (
    account_payment_register,
    gym_agency_answer,
    gym_agency_generate,
    gym_agency_report,
    gym_list_report,
)
