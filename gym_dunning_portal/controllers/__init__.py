from . import (
    answer,
    page,
    pay,
    portal,
)
