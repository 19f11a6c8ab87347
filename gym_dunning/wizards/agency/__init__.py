from . import (
    gym_agency_answer,
    gym_agency_generate,
    gym_agency_report,
    gym_list_report,
)
