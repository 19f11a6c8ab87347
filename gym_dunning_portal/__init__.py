from . import (
    controllers,
    models,
)
