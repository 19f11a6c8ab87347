from . import (
    gym_agency_list,
    gym_agency_list_rows,
    gym_agency_list_interest,
    gym_agency_report,
)
