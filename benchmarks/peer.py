"""The peer of OCA, fetched by pip into a folder of its own; it is never committed."""

import os
import subprocess
from pathlib import Path

WHEEL = "odoo-addon-account-credit-control"
MODULE = "account_credit_control"


def addons_folder(env):
    """Return the folder with the peer's module, fetched on first use."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "gym_dunning" / "peer"
    addons = folder / "odoo/addons"
    if not (addons / MODULE).is_dir():
        # without its dependencies: it wants a package named odoo, which we have
        command = ["python", "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--target", str(folder), f"{WHEEL}>=19.0,<20"]
        subprocess.run(command, env=env, check=True)
    return addons
