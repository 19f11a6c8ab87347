from . import test_statement_match
from . import test_statement_receipts
from . import test_statement_twice
from . import test_statement_undo
