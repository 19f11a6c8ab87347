from . import test_hosts
from . import test_jobs
from . import test_uninstall
