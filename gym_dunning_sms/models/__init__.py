from . import (
    gym_dunning_level,
    gym_dunning_reminder,
    sms_sms,
    sms_tracker,
)
