from . import (
    account_move,
    account_move_send,
    gym_dunning_fee,
)
