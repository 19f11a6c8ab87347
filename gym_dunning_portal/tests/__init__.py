from . import (
    test_page_link,
)
