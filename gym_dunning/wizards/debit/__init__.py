from . import (
    gym_debit_generate,
    gym_debit_move,
    gym_debit_paid,
    gym_debit_return_hand,
    gym_debit_return_ignore,
    gym_debit_return_import,
    gym_debit_return_match,
    gym_dunning_filters,
)
