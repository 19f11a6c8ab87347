"""What pre-commit runs is what script/test checks."""

import cmd_lint
import pytest
import yaml
from conftest import CHECKOUT


def test_pre_commit_runs_every_check():
    known = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in known["repos"] for hook in repo["hooks"]]
    assert [hook["entry"] for hook in hooks] == [
        *(f"script/lint {name}" for name in cmd_lint.NAMES),
        "script/readme --check",
    ]
    assert {hook["language"] for hook in hooks} == {"system"}


def test_each_check_has_commands_and_others_are_refused(capsys):
    assert all(cmd_lint.commands(name) for name in cmd_lint.NAMES)
    with pytest.raises(SystemExit):
        cmd_lint.parse(["ruff"])
    assert "there is no check ruff" in capsys.readouterr().err
