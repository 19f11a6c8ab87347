"""Tests of the scripts themselves; they need no Odoo and no network, but for test_wheels."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / "script/_lib"))


@pytest.fixture
def script(tmp_path):
    """Runs one of the scripts from another folder and returns the finished process."""

    def call(name, *arguments, **variables):
        env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), **variables}
        env.pop("VIRTUAL_ENV", None)
        return subprocess.run(
            [CHECKOUT / "script" / name, *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            env=env,
            timeout=60,
            check=False,
        )

    return call


@pytest.fixture
def refused(script):
    """Runs a script that must end in one clear sentence and an exit code."""

    def call(name, *arguments, **variables):
        done = script(name, *arguments, **variables)
        assert done.returncode not in (0, None), done.stdout
        assert "Traceback" not in done.stderr
        sentence = done.stderr.strip()
        assert sentence.startswith("gym_dunning: ") and "\n" not in sentence
        return sentence

    return call
