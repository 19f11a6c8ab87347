from . import (
    gym_demo,
    gym_demo_agency,
    gym_demo_answers,
    gym_demo_cases,
    gym_demo_contracts,
    gym_demo_debits,
    gym_demo_history,
    gym_demo_receipts,
    gym_demo_reminders,
)
