"""What goes wrong ends in a sentence that says what to do."""

import os
import socket
import subprocess

import apt
import common
import pytest
from conftest import CHECKOUT


def test_occupied_port(refused):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = refused("demo", "--port", str(port))
    assert f"Port {port} is in use" in sentence and f"--port {port + 1}" in sentence


def test_impossible_port_and_database_name(refused):
    assert "no port" in refused("demo", "--port", "99999")
    assert "no name for a database" in refused(
        "demo", "--db", "two words", "--no-serve"
    )


def test_wrong_odoo_home(refused, tmp_path):
    assert "ODOO_HOME" in refused("odoo", "--version", ODOO_HOME=str(tmp_path))
    old = tmp_path / "odoo"
    old.mkdir()
    (old / "release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    assert "not version 19" in refused("odoo", "--version", ODOO_HOME=str(tmp_path))


def test_cache_folder_that_cannot_be_made(refused, tmp_path):
    (tmp_path / "file").touch()
    refused("setup", XDG_CACHE_HOME=str(tmp_path / "file"))


def test_other_systems(refused, tmp_path):
    uname = tmp_path / "uname"
    uname.write_text("#!/bin/sh\necho Darwin\n")
    uname.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    assert "Linux only" in refused("setup", PATH=path)


def test_full_disk():
    with pytest.raises(common.Fail, match="free disk are needed"):
        common.need_room(10**6, "/")


def test_missing_network_is_told_from_other_faults(tmp_path):
    with pytest.raises(common.Fail, match="no connection"):
        common.run(
            ["sh", "-c", "echo Could not resolve host; exit 1"], "X", tmp_path / "a"
        )
    with pytest.raises(common.Fail, match="X failed; the details are in"):
        common.run(["sh", "-c", "echo broken; exit 1"], "X", tmp_path / "b")
    with pytest.raises(common.Fail, match="is missing"):
        common.run(["no-such-program"], "X", tmp_path / "c")


def test_called_by_a_link(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(CHECKOUT / "script/demo")
    done = subprocess.run([link, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "--no-serve" in done.stdout


def test_mirror_is_read_from_the_machine(tmp_path, monkeypatch):
    fake = tmp_path / "apt-get"
    lines = [
        "'http://mirror.test/debian/dists/stable/InRelease' x 0",
        "'http://mirror.test/debian-security/dists/stable/InRelease' x 0",
        "'http://other.test/tools/dists/any/InRelease' x 0",
    ]
    echoed = "\n".join(lines)
    fake.write_text(
        f'#!/bin/sh\n[ "$1" = update ] && cat <<"EOF"\n{echoed}\nEOF\ntrue\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("GYM_DEBIAN_MIRROR", raising=False)
    assert apt.mirrors() == ["http://mirror.test/debian"]
    monkeypatch.setenv("GYM_DEBIAN_MIRROR", "http://mine.test/debian")
    assert apt.mirrors() == ["http://mine.test/debian"]
