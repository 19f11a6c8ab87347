from . import (
    test_page_account,
    test_page_answer,
    test_page_link,
)
