from . import (
    answer,
    page,
)
