from . import (
    account_account,
    account_move,
    account_move_line,
    gym_dunning_hold,
    gym_dunning_level,
    gym_dunning_policy,
    gym_dunning_reminder,
    gym_dunning_reminder_line,
    gym_open_item,
    gym_open_item_about,
    gym_open_item_owed,
    res_partner,
)
