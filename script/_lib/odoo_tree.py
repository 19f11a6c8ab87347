"""Odoo 19 itself: the Debian package unpacked in the cache folder, or the one ODOO_HOME names."""

import os
import re
from pathlib import Path

import apt
from common import CACHE, Fail, need_room, remove

TREE = CACHE / "odoo-19.0"
PACKAGES = [
    "odoo-19",
    # The files that Odoo's package links to.
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    # Unstable has versions whose files have other names than those that Odoo links to.
    "fonts-font-awesome/stable",
    "fonts-inconsolata/stable",
    # So that letters look the same on every machine.
    "fonts-dejavu-core",
    "fonts-liberation",
]


def _places(home):
    """(folder to import odoo from, folders with modules) for the layouts that Odoo comes in."""
    for root in (home, home / "usr/lib/python3/dist-packages", home / "src"):
        if (root / "odoo/release.py").is_file():
            # A source checkout has most modules in addons/. Debian has all in odoo/addons,
            # and an addons/ that is a torso.
            folders = [root / "odoo/addons"]
            if not (folders[0] / "web/__manifest__.py").is_file():
                folders.append(root / "addons")
            return root, folders
    return None


def locate():
    """Returns (folder to import odoo from, folders with modules), None before set-up."""
    home = os.environ.get("ODOO_HOME")
    if not home:
        return _places(TREE)
    places = _places(Path(home).expanduser().resolve())
    if not places:
        raise Fail(
            f"ODOO_HOME is {home}, but there is no odoo/release.py in it; name the folder of "
            "an Odoo 19 or unset it."
        )
    release = (places[0] / "odoo/release.py").read_text()
    if not re.search(
        r"^version_info\s*=\s*\(\s*['\"]?(saas~)?19\b", release, re.MULTILINE
    ):
        raise Fail(
            f"The Odoo in ODOO_HOME ({home}) is not version 19; name another or unset ODOO_HOME."
        )
    return places


def prepare(lock, report):
    """Fetches and unpacks Odoo; a download that was killed is taken up again."""
    if locate():
        return
    need_room(3)
    folder = CACHE / "download"
    try:
        remove(folder / "tree")
        report("Fetching Odoo 19 (135 MB)")
        source = apt.debian(folder, lock)
        debs = source.download(PACKAGES, "Downloading Odoo")
        report("Unpacking Odoo 19")
        source.unpack(debs, folder / "tree", "Unpacking Odoo")
        _mend_links(folder / "tree")
        if not _places(folder / "tree"):
            raise Fail(
                "Debian's package odoo-19 is laid out in a new way; name an existing Odoo 19 "
                "in ODOO_HOME."
            )
        remove(TREE)
        (folder / "tree").rename(TREE)
    finally:  # a kill -9 leaves it, for the next time
        remove(folder)


def _mend_links(tree):
    """Makes links that point to /usr/... point into the unpacked tree."""
    for folder, folders, files in os.walk(tree):
        for name in folders + files:
            link = os.path.join(folder, name)
            if os.path.islink(link) and os.readlink(link).startswith("/"):
                inside = os.path.relpath(str(tree) + os.readlink(link), folder)
                os.unlink(link)
                os.symlink(inside, link)
