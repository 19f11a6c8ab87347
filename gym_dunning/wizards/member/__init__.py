from . import (
    base_partner_merge_automatic_wizard,
    gym_access_key,
    portal_wizard_user,
)
