from . import (
    account_move_send_wizard,
    gym_access_change,
    gym_client_pause,
    gym_dunning_activate,
    gym_dunning_cancel,
    gym_dunning_generate,
    gym_dunning_old_books,
    gym_dunning_preview,
    gym_dunning_print,
    gym_dunning_why,
    gym_member_answer_decide,
)
