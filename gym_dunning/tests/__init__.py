from . import (
    test_access_device,
    test_agency_list,
    test_branches,
    test_ledger,
    test_ledger_use,
    test_letters,
    test_members,
    test_printing,
    test_rights,
    test_rights_centres,
    test_story,
)
