from . import (
    test_page_content,
    test_page_identity,
    test_page_limits,
    test_page_link,
    test_page_queries,
    test_page_rights,
    test_pay_at_once,
    test_pay_booking,
    test_pay_debit,
    test_pay_holds,
    test_pay_page,
    test_tours_pay,
)
