"""The modules beside the OCA's have a phase of their own."""

import common
import oca
import pytest


@pytest.fixture
def modules(tmp_path, monkeypatch):
    for name in (
        "gym_dunning",
        "gym_dunning_x_oca",
        "gym_dunning_a",
        "gym_dunning_queue_job",
    ):
        (tmp_path / name / "tests").mkdir(parents=True)
        (tmp_path / name / "__manifest__.py").write_text("{}")
    for owner in (oca, oca.config):
        monkeypatch.setattr(owner, "CHECKOUT", tmp_path)
    return tmp_path


def test_bare_odoo_does_without_them(modules):
    assert oca.config.modules() == ["gym_dunning", "gym_dunning_a"]
    assert oca.config.oca_modules() == ["gym_dunning_queue_job", "gym_dunning_x_oca"]


def test_their_tests_run_on_their_database(modules):
    theirs = f"{modules}/gym_dunning_x_oca/tests/test_a.py::TestA"
    assert oca.concerns([theirs])
    assert not oca.concerns([theirs, f"{modules}/gym_dunning/tests"])
    assert not oca.concerns([])


def test_what_cannot_be_fetched_is_a_failure(modules, monkeypatch):
    requirements = modules / "requirements-oca.txt"
    requirements.write_text("no-such-package-of-the-oca==19.0.1\n")
    monkeypatch.setattr(oca, "REQUIREMENTS", requirements)
    monkeypatch.setattr(oca, "CACHE", modules)
    monkeypatch.setattr(common, "LOGS", modules)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(common.Fail, match="gym_dunning_x_oca cannot be tested"):
        oca._fetch()
    assert not list(modules.rglob("complete"))
