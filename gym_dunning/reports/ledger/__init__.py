from . import (
    gym_receivable_ageing_report,
    gym_receivable_month_report,
)
