from . import (
    gym_dunning_hold_create,
)
