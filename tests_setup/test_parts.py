"""The parts that the scripts are made of."""

import os
import subprocess
import sys
import time
from pathlib import Path

import cmd_test
import common
import database
import logcheck
import odoo_tree
import postgres

STAMP = "2026-01-01 10:00:00,123 77"


def test_every_warning_counts():
    log = f"""{STAMP} INFO db odoo.modules.loading: all well
{STAMP} WARNING db odoo.addons.gym_dunning.models.x: a field twice
a line of a traceback with WARNING in it
{STAMP} ERROR ? odoo.sql_db: bad query"""
    assert logcheck.complaints(log) == [
        "WARNING odoo.addons.gym_dunning.models.x: a field twice",
        "ERROR odoo.sql_db: bad query",
    ]


def test_paths_are_told_from_options(tmp_path, monkeypatch):
    (tmp_path / "tests").mkdir()
    (tmp_path / "fee").touch()
    monkeypatch.chdir(tmp_path)
    paths, others = cmd_test.split(["-k", "fee", "tests::TestX::test_y", "-x", "--lf"])
    assert paths == [f"{tmp_path}/tests::TestX::test_y"]
    assert others == ["-k", "fee", "-x", "--lf"]


def test_database_is_updated_for_code_not_for_tests(tmp_path, monkeypatch):
    module = tmp_path / "gym_dunning"
    (module / "tests").mkdir(parents=True)
    (module / "__manifest__.py").write_text("{}")
    for owner in (cmd_test, cmd_test.config):
        monkeypatch.setattr(owner, "CHECKOUT", tmp_path)
    before = cmd_test.fingerprint()
    (module / "tests/test_x.py").write_text("x = 1")
    assert cmd_test.fingerprint() == before
    (module / "model.py").write_text("x = 1")
    assert cmd_test.fingerprint() != before


def test_glue_modules_come_after_the_module(tmp_path, monkeypatch):
    for name, installable in [
        ("gym_dunning_a", True),
        ("gym_dunning", True),
        ("gym_dunning_b", False),
    ]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text(
            f"{{'installable': {installable}}}"
        )
    monkeypatch.setattr(cmd_test.config, "CHECKOUT", tmp_path)
    assert cmd_test.config.modules() == ["gym_dunning", "gym_dunning_a"]


def test_reason_is_the_last_error_of_a_traceback():
    output = "KeyError: 'a'\n\nDuring handling ...\nodoo.tools.convert.ParseError: bad view\nend"
    assert database._last_error(output) == "odoo.tools.convert.ParseError: bad view"


def test_links_stay_inside_the_tree(tmp_path):
    (tmp_path / "usr/share").mkdir(parents=True)
    (tmp_path / "usr/share/font").write_text("x")
    (tmp_path / "usr/lib").mkdir()
    (tmp_path / "usr/lib/font").symlink_to("/usr/share/font")
    odoo_tree._mend_links(tmp_path)
    assert os.readlink(tmp_path / "usr/lib/font") == "../share/font"


def test_socket_path_is_short_enough(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    code = "import postgres; print(postgres.socket_folder())"
    env = {
        **os.environ,
        "XDG_CACHE_HOME": str(deep),
        "PYTHONPATH": str(Path(postgres.__file__).parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(f"{done.stdout.strip()}/.s.PGSQL.5432") < 107


def test_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "file"
    common.write(target, "one")
    before = target.stat().st_mtime_ns
    common.write(target, "one")
    assert target.stat().st_mtime_ns == before
    common.write(target, "two")
    assert target.read_text() == "two" and os.listdir(tmp_path) == ["file"]


def test_lock_is_free_again_after_a_kill(tmp_path):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import common, pathlib;"
        "lock = common.Lock(pathlib.Path(sys.argv[2])); lock.acquire(); print('held', flush=True);"
        "time.sleep(60)"
    )
    path = tmp_path / "lock"
    command = [sys.executable, "-c", code, str(Path(common.__file__).parent), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        lock = common.Lock(path)
        assert not lock.acquire(block=False)
        holder.kill()
    deadline = time.monotonic() + 5
    while not lock.acquire(block=False):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    lock.release()


def test_child_keeps_the_lock(tmp_path):
    lock = common.Lock(tmp_path / "lock")
    lock.acquire()
    command = "(sleep 1) & true"  # outlives its parent, like pip after a kill -9 of the script
    common.run(["sh", "-c", command], "X", tmp_path / "log", lock=lock)
    lock.release()
    other = common.Lock(tmp_path / "lock")
    assert not other.acquire(block=False)
    assert other.acquire()
    other.release()
