"""The modules as packages: what pip builds holds all that Odoo needs, and Odoo finds it.

Beside the other tests of this folder, these need Odoo and the package index.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import common
import config
import odoo_tree
import pytest
from conftest import CHECKOUT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MODULES = [*config.modules(), *config.oca_modules()]
NOT_PACKAGED = {"pyproject.toml"}
FIND = """
import importlib, json, sys
from odoo.modules import Manifest, initialize_sys_path
initialize_sys_path()
beside, *names = sys.argv[1:]
for name in names:
    manifest = Manifest.for_addon(name)
    print(json.dumps([manifest.path, manifest["version"], manifest.description[:2]]))
    if name not in beside.split(","):  # these import what is the OCA's
        importlib.import_module(f"odoo.addons.{name}")
"""


def pip(*arguments):
    """Run pip as somebody does who knows nothing of this checkout."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    env = {name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}
    # The backend asks git for files and commits; a folder above may be a repository.
    env["GIT_CEILING_DIRECTORIES"] = "/"
    env["WHOOL_POST_VERSION_STRATEGY_OVERRIDE"] = "none"
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        check=False,
    )
    if done.returncode and common.NO_NETWORK.search(done.stdout):
        pytest.skip("pip has no connection to the package index, so no wheel is built.")
    assert not done.returncode, done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with copies of the modules in `source`, and with them in `target`, installed
    from their wheels."""
    folder = tmp_path_factory.mktemp("wheels")
    for name in MODULES:
        shutil.copytree(
            CHECKOUT / name,
            folder / "source" / name,
            ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "build"),
        )
    sources = [folder / "source" / name for name in MODULES]
    pip("wheel", "--retries=1", "--no-deps", f"--wheel-dir={folder / 'out'}", *sources)
    wheels = sorted((folder / "out").iterdir())
    assert len(wheels) == len(MODULES)
    pip(
        "install",
        "--no-deps",
        "--no-index",
        "--no-compile",
        f"--target={folder / 'target'}",
        *wheels,
    )
    return folder


def manifest_of(name):
    return ast.literal_eval((CHECKOUT / name / "__manifest__.py").read_text())


def files(folder):
    """The files below a folder, by their paths from there."""
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", MODULES)
def test_wheel_holds_the_whole_module(built, name):
    source, installed = built / "source" / name, built / "target/odoo/addons" / name
    assert files(installed) == files(source) - NOT_PACKAGED


@pytest.mark.parametrize("name", MODULES)
def test_wheel_holds_what_the_manifest_names(built, name):
    installed = built / "target/odoo/addons" / name
    manifest = manifest_of(name)
    named = {
        path
        for key in ("data", "demo", "images")
        for path in manifest.get(key, [])
        if not (installed / path).is_file()
    }
    assert not named
    patterns = [path for paths in manifest.get("assets", {}).values() for path in paths]
    for pattern in patterns:
        assert list(installed.parent.glob(pattern)), pattern
    for path in ("README.rst", "static/description/index.html", f"i18n/{name}.pot"):
        assert (installed / path).is_file(), path


@pytest.mark.parametrize("name", MODULES)
def test_wheel_says_version_license_and_needs(built, name):
    manifest = manifest_of(name)
    found = list((built / "target").glob(f"odoo_addon_{name}-*.dist-info"))
    assert len(found) == 1
    distribution = PathDistribution(found[0])
    assert distribution.version == manifest["version"]
    assert distribution.metadata["License"] == manifest["license"]
    assert distribution.metadata["Home-page"] == manifest["website"]
    needs = {
        canonicalize_name(Requirement(need).name) for need in distribution.requires
    }
    wanted = manifest.get("external_dependencies", {}).get("python", [])
    addons = [f"odoo-addon-{other}" for other in manifest["depends"] if foreign(other)]
    assert needs == {"odoo", *map(canonicalize_name, [*wanted, *addons])}


def foreign(addon):
    """Tells what does not come with Odoo."""
    return not any(Path(path, addon).is_dir() for path in odoo_tree.locate()[1])


@pytest.mark.parametrize("name", MODULES)
def test_own_license_is_in_the_module(name):
    """The LGPL-3 is at the root; a module under another license brings it."""
    text = (CHECKOUT / "LICENSE").read_text()
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    if manifest_of(name)["license"] != "LGPL-3":
        assert (CHECKOUT / name / "LICENSE").read_text() != text


def test_odoo_finds_and_imports_them(built, tmp_path):
    target = built / "target"
    env = config.environment()
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(target)])
    # Odoo's configuration of this checkout names the checkout as a place of modules.
    env["ODOO_RC"] = os.devnull
    done = subprocess.run(
        [config.python(), "-c", FIND, ",".join(config.oca_modules()), *MODULES],
        capture_output=True,
        text=True,
        env=env,
        cwd=tmp_path,
        check=False,
    )
    assert not done.returncode, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        [str(target / "odoo/addons" / name), manifest_of(name)["version"], ".."]
        for name in MODULES
    ]
