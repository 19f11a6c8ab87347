"""Debian packages without installing them.

apt with a configuration of its own downloads, dpkg unpacks. Nothing of the system is
changed, or needed but apt, dpkg and the Debian archive's keys; any user may do it.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from common import LOGS, NO_NETWORK, Fail, remove, run, scratch

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)

CONFIG = """\
Dir::State::Lists "{folder}/lists";
Dir::State::Status "{status}";
Dir::State::extended_states "{folder}/extended_states";
Dir::Cache "{folder}/cache";
Dir::Cache::Archives "{folder}/archives";
{sources}
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "60";
Acquire::https::Timeout "60";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Pre-Invoke;
#clear DPkg::Post-Invoke;
"""


class Apt:
    """apt with its own lists and cache in a scratch folder."""

    def __init__(self, folder, lock, sources=None):
        self.folder, self.lock = folder, lock
        for name in ("lists/partial", "archives/partial", "cache"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        status, own = "/var/lib/dpkg/status", ""
        if sources is not None:
            # An empty status file: as if nothing were installed, whatever the machine has.
            status = folder / "status"
            status.touch()
            (folder / "sources.list").write_text(sources)
            own = f'Dir::Etc::SourceList "{folder}/sources.list";\nDir::Etc::SourceParts "-";'
        self.config = folder / "apt.conf"
        self.config.write_text(CONFIG.format(folder=folder, status=status, sources=own))

    def get(self, what, *arguments, **kwargs):
        return run(
            ["apt-get", "-c", self.config, *arguments], what, lock=self.lock, **kwargs
        )

    def update(self, **kwargs):
        code, output = self.get(
            "Reading the package lists", "update", check=False, **kwargs
        )
        if code and "is expired" in output:
            # A mirror that stands still (or a clock that runs ahead) is no danger here:
            # signatures are checked all the same.
            with self.config.open("a") as config:
                config.write('Acquire::Check-Valid-Until "false";\n')
            code, output = self.get(
                "Reading the package lists", "update", check=False, **kwargs
            )
        return code, output

    def download(self, packages, what):
        folder = self.folder / "debs"
        folder.mkdir(exist_ok=True)
        self.get(what, "download", *packages, cwd=folder)
        return sorted(folder.glob("*.deb"))

    def unpack(self, debs, into, what):
        into.mkdir(parents=True, exist_ok=True)
        for deb in debs:
            run(["dpkg", "-x", deb, into], what, lock=self.lock)
            deb.unlink()  # as soon as possible: the disk may be small


def need_apt():
    for program in ("apt-get", "dpkg"):
        if not any(
            os.access(Path(folder) / program, os.X_OK) for folder in os.get_exec_path()
        ):
            raise Fail(
                f"{program} is missing: Odoo is taken from a Debian package; use Debian or "
                "Ubuntu, or name an existing Odoo 19 in ODOO_HOME."
            )


def mirrors():
    """Where this machine's own apt sources get Debian from, best guess first."""
    if os.environ.get("GYM_DEBIAN_MIRROR"):
        return [os.environ["GYM_DEBIAN_MIRROR"]]

    def ask(*command):
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        return done.stdout.splitlines()

    # indextargets knows only lists fetched before; --print-uris names what an update would fetch.
    found = ask(
        "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"
    )
    for line in ask("apt-get", "update", "--print-uris"):
        if match := re.match(r"'(\S+?)/dists/", line):
            found.append(match[1])
    found = [
        uri.rstrip("/") for uri in found if "://" in uri and not uri.startswith("cdrom")
    ]
    likely = [uri for uri in found if uri.endswith("/debian")]
    return list(
        dict.fromkeys(
            likely + [uri for uri in found if "debian" in uri and "security" not in uri]
        )
    )


def debian(folder, lock):
    """An Apt for Debian's unstable suite, and for stable where unstable is too new for Odoo."""
    need_apt()
    keyring = next((path for path in KEYRINGS if os.path.exists(path)), None)
    if not keyring:
        raise Fail(
            "The keys of the Debian archive are missing; install the package "
            "debian-archive-keyring, or name an existing Odoo 19 in ODOO_HOME."
        )
    candidates = mirrors()
    if not candidates:
        raise Fail(
            "The apt sources of this machine name no Debian mirror; name one in "
            "GYM_DEBIAN_MIRROR, or an existing Odoo 19 in ODOO_HOME."
        )
    output = ""
    for uri in candidates:
        lines = [
            f"deb [signed-by={keyring}] {uri} {suite} main\n"
            for suite in ("unstable", "stable")
        ]
        apt = Apt(folder, lock, "".join(lines))
        code, output = apt.update()
        if not code:
            return apt
    if NO_NETWORK.search(output):
        raise Fail(
            "No connection to the Debian mirror; check the network and start again."
        )
    raise Fail(
        f"The Debian mirror of this machine could not be used (see {LOGS}); name another in "
        "GYM_DEBIAN_MIRROR, or an existing Odoo 19 in ODOO_HOME."
    )


def unpack_missing(packages, into, lock, what):
    """Unpacks packages of the machine's own release into a folder.

    What they need comes along, but for what the machine has installed.
    """
    need_apt()
    with scratch("apt-system") as folder:
        apt = Apt(folder, lock)
        code, output = apt.update()
        if code and NO_NETWORK.search(output):
            raise Fail(
                f"{what}: no connection to the package mirror; check the network and start again."
            )
        _code, plan = apt.get(what, "install", "--simulate", *packages)
        names = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
        if not names:
            raise Fail(f"{what}: the packages seem installed, but are not whole.")
        tree = folder / "tree"
        apt.unpack(apt.download(names, what), tree, what)
        # Beside its place first: that may be on another disk.
        beside = into.with_name(f"{into.name}.{os.getpid()}")
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(tree, beside)
        remove(into)
        beside.rename(into)


def install(packages, lock, what):
    """Installs packages on the system (root only).

    With lists of its own, so that it works where 'apt-get update' was never run.
    """
    with scratch("apt-install") as folder:
        apt = Apt(folder, lock)
        apt.update()
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        return apt.get(what, "install", "-y", *packages, check=False, env=env)[0] == 0
