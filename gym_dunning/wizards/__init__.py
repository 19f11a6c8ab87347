# Floor by floor: upper rooms extend lower ones, see docs/ARCHITECTURE.md.
from . import base, member, ledger, dunning, debit, agency, cases, receipts, renewal
