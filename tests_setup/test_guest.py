"""How Odoo is started, and how the results of its own tests are compared."""

import os
import subprocess
import sys

import cmd_guest
import config

STAMP = "2026-01-01 10:00:00,123 77"
TESTS = "odoo.addons.base.tests.test_res_partner"
PROGRAM = """
import subprocess, sys
def main():
    if "gevent" in sys.argv:
        print("second server", *sys.argv[1:])
    else:  # as `odoo.service.server.PreforkServer.long_polling_spawn` does
        subprocess.run([sys.executable, sys.argv[0], "gevent", *sys.argv[1:]], check=True)
"""


def test_odoo_can_start_its_second_server(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo/cli.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, config.LAUNCHER, "--workers", "2"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "second server gevent --workers 2\n", done.stderr


def log(*lines):
    return "\n".join(f"{STAMP} {line}" for line in lines)


def test_outcome_is_read_from_the_log():
    begun, broken = cmd_guest.outcome(
        log(
            f"INFO db {TESTS}: Starting TestPartner.test_copy ...",
            f"INFO db {TESTS}: Starting TestPartner.test_name ...",
            f"ERROR db {TESTS}: FAIL: Subtest TestPartner.test_name (value=1)",
            f"ERROR db {TESTS}: ERROR: Subtest TestPartner.test_name (value=2)",
            "ERROR db odoo.tests.suite: ERROR: setUpClass (odoo.addons.x.TestX)",
            "ERROR db odoo.sql_db: bad query: FAIL: no test",
        )
    )
    assert begun == {f"{TESTS}:TestPartner.test_copy", f"{TESTS}:TestPartner.test_name"}
    assert broken == {
        f"{TESTS}:TestPartner.test_name",
        "odoo.tests.suite:setUpClass (odoo.addons.x.TestX)",
    }


def test_only_what_fails_beside_us_counts(capsys):
    fails_anyway = ({"a", "b"}, {"b"})
    assert cmd_guest.report({"/base": (fails_anyway, fails_anyway)}) == 0
    assert cmd_guest.report({"/base": (fails_anyway, ({"a", "b"}, {"a", "b"}))}) == 1
    assert "fails only with us: a" in capsys.readouterr().out
    assert cmd_guest.report({"/base": (fails_anyway, ({"a"}, set()))}) == 1
    assert "ran only without us: b" in capsys.readouterr().out
