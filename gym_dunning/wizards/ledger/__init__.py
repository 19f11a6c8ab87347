from . import (
    gym_dunning_hold_create,
    gym_receivable_ask,
)
