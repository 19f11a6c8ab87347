from . import (
    test_dashboard,
    test_dashboard_browser,
    test_dashboard_uninstall,
)
