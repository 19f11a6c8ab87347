from . import (
    page,
    portal,
)
