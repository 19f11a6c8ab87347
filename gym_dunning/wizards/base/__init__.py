from . import (
    gym_dialog,
    gym_bank_import,
    gym_centre_wizard,
    gym_list_report,
    gym_printout,
    gym_run_wizard,
)
