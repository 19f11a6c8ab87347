from . import (
    answer,
    page,
    portal,
)
