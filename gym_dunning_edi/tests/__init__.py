from . import test_edi_fee
