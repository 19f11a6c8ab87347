from . import (
    page,
)
