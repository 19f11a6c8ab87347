from . import (
    account_move,
    gym_client_status,
    gym_member_status,
    res_partner,
    res_users,
)
