from . import (
    test_page_at_once,
    test_page_content,
    test_page_identity,
    test_page_letter,
    test_page_limits,
    test_page_link,
    test_page_queries,
    test_page_rights,
    test_page_settings,
    test_page_states,
    test_tours_page,
)
