from . import (
    gym_case_list,
    gym_case_report,
)
