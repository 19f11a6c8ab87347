from . import (
    gym_agency_list,
    gym_agency_report,
    gym_agency_rows,
    gym_case_list,
    gym_case_report,
)
