from . import (
    test_page_content,
    test_page_identity,
    test_page_limits,
    test_page_link,
    test_page_queries,
    test_page_rights,
)
