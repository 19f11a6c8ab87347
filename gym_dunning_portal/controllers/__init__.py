from . import (
    page,
    pay,
    portal,
)
