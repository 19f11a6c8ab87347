from . import (
    gym_dunning_level,
    gym_dunning_outcome,
    gym_dunning_reminder,
    res_company,
    res_config_settings,
    sms_sms,
    sms_tracker,
)
