from . import (
    page,
    pay,
)
