from . import (
    test_page_account,
    test_page_answer,
    test_page_content,
    test_page_identity,
    test_page_letter,
    test_page_limits,
    test_page_link,
    test_page_queries,
    test_page_rights,
    test_page_settings,
    test_tours_page,
    test_tours_page_answer,
)
