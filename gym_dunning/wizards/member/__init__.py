from . import (
    base_partner_merge,
    gym_access_key,
)
