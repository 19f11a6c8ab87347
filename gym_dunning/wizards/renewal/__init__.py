from . import (
    gym_contract_cancel,
    gym_renewal_generate,
    gym_renewal_notice_generate,
)
