from . import (
    base_partner_merge_automatic_wizard,
    gym_case_delete,
    gym_case_generate,
    gym_case_item_add,
    gym_case_promise_replace,
    gym_case_report,
    gym_collection_assign,
    mail_activity_schedule,
)
