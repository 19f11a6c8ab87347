from . import (
    gym_dunning_policy,
    gym_page,
    res_partner,
)
