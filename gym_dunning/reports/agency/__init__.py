from . import (
    gym_agency_list,
    gym_agency_report,
    gym_agency_rows,
)
