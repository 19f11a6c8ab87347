# Floor by floor: upper rooms extend lower ones, see docs/ARCHITECTURE.md.
from . import agency, cases, ledger
