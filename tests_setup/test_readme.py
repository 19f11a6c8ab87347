"""README.rst and the page in the Apps are made from the fragments."""

import ast

import config
import docutils.core
import generate_readme
import pytest
from conftest import CHECKOUT

MODULES = [*config.modules(), *config.oca_modules()]
STRICT = {"report_level": 1, "halt_level": 1, "warning_stream": False}


@pytest.mark.parametrize("name", MODULES)
def test_generated_files_are_up_to_date(name, capsys):
    stale = generate_readme.main(["--check", str(CHECKOUT / name)])
    assert not stale, capsys.readouterr().out


@pytest.mark.parametrize("name", MODULES)
def test_readme_is_sound(name):
    docutils.core.publish_doctree(
        (CHECKOUT / name / "README.rst").read_text(), settings_overrides=STRICT
    )


@pytest.fixture
def module(tmp_path):
    folder = tmp_path / "gym_dunning_x"
    (folder / "readme").mkdir(parents=True)
    (folder / "static/description").mkdir(parents=True)
    manifest = {
        "name": "Gym & X",
        "summary": "S",
        "version": "19.0.1.0.0",
        "license": "LGPL-3",
        "author": "A",
    }
    (folder / "__manifest__.py").write_text(repr(manifest))
    (folder / "readme/USAGE.md").write_text("Last.\n")
    (folder / "readme/DESCRIPTION.md").write_text(
        "a_b_ 2*3 `c_`, *d*\nnext\n\n| e | f |\n| --- | --- |\n| | *g* |\n"
    )
    return folder


def test_a_changed_fragment_makes_them_stale(module, capsys):
    assert generate_readme.main([str(module)]) is False
    assert generate_readme.main(["--check", str(module)]) is False
    (module / "readme/USAGE.md").write_text("Changed.\n")
    capsys.readouterr()
    assert generate_readme.main(["--check", str(module)]) is True
    ending = "is not up to date; run script/readme."
    assert capsys.readouterr().out.splitlines() == [
        f"gym_dunning_x/README.rst {ending}",
        f"gym_dunning_x/static/description/index.html {ending}",
    ]


def test_signs_and_tables_survive(module):
    readme, page = generate_readme.generate(module).values()
    text = docutils.core.publish_doctree(readme, settings_overrides=STRICT).astext()
    assert "a_b_ 2*3 c_, d\nnext" in text and "e\n\nf\n\n\n\ng" in text
    assert text.index("Gym & X") < text.index("a_b_") < text.index("Last.")
    assert "Gym &amp; X" in page and "a_b_ 2*3" in page


def test_a_fragment_of_no_section_is_told(module):
    (module / "readme/USE.md").touch()
    with pytest.raises(SystemExit, match="USE.md, which belongs to no section"):
        generate_readme.generate(module)


@pytest.mark.parametrize("name", MODULES)
def test_pictures_of_the_manifest_are_there(name):
    manifest = ast.literal_eval((CHECKOUT / name / "__manifest__.py").read_text())
    # a module without a screen has none
    for path in manifest.get("images", []):
        assert (CHECKOUT / name / path).stat().st_size < 200_000
