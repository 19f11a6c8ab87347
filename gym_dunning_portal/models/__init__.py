from . import (
    gym_debit_mandate,
    gym_dunning_policy,
    gym_member_answer,
    gym_member_answer_address,
    gym_member_answer_claim,
    gym_member_answer_mandate,
    gym_member_answer_reply,
    gym_page,
    gym_page_answers,
    ir_attachment,
    res_partner,
)
