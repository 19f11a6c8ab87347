from . import gym_centre_wizard, gym_list_report  # isort: skip
from . import gym_run_wizard

# isort: split
from . import (
    base_partner_merge,
    gym_access_change,
    gym_access_key,
    gym_agency_answer,
    gym_agency_generate,
    gym_agency_report,
    gym_collection_assign,
    gym_case_delete,
    gym_case_generate,
    gym_case_item_add,
    gym_case_promise_replace,
    gym_case_report,
    gym_contract_cancel,
    gym_debit_return_hand,
    gym_debit_return_ignore,
    gym_debit_return_import,
    gym_debit_return_match,
    gym_debit_generate,
    gym_debit_move,
    gym_debit_paid,
    gym_dunning_activate,
    gym_dunning_generate,
    gym_dunning_hold_create,
    gym_dunning_print,
    gym_printout,
    gym_renewal_generate,
    gym_renewal_notice_generate,
    mail_activity_schedule,
)
