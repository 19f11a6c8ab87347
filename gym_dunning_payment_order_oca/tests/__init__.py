from . import test_oca_feeding
from . import test_oca_following
from . import test_oca_install
from . import test_oca_mandates
from . import test_oca_returns
from . import test_oca_rights
