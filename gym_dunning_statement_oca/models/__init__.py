from . import account_bank_statement_line_look
from . import account_bank_statement_line_show
from . import account_bank_statement_line
from . import account_statement_import_camt_parser
from . import gym_bank_books
