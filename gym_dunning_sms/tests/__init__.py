from . import (
    test_sms_also,
    test_sms_cost,
    test_sms_failure,
    test_sms_outbox,
    test_sms_report,
    test_sms_sending,
    test_sms_uninstall,
)
