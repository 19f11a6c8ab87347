from . import (
    gym_dunning_policy,
    gym_dunning_reminder,
    gym_open_item,
    gym_page,
    gym_page_document,
    gym_page_event,
    gym_page_hit,
    gym_page_lock,
    gym_page_show,
    res_partner,
)
