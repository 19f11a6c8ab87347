"""python carry_terms.py JOBS: the half of script/terms that needs polib, which Odoo brings.

JOBS is a JSON file: {"given": {language: {term: translation}}, "missing": file,
"templates": {exported template: template in the project}}.
"""

import json
import re
import sys
from pathlib import Path

import polib

# What stands in a term for a value: it has to stand in its translation, too.
PLACE = re.compile(r"%(?:\(\w+\))?[sd]|\{\w+\}")
WIDTH = 78


def main(jobs):
    jobs = json.loads(Path(jobs).read_text())
    missing = {}
    for exported, target in jobs["templates"].items():
        template = polib.pofile(exported, wrapwidth=WIDTH)
        for file in sorted(Path(target).parent.glob("*.po")):
            left = carry(template, file, jobs["given"].get(file.stem, {}))
            missing.setdefault(file.stem, {}).update(dict.fromkeys(left, ""))
        template.save(target)
    missing = {language: terms for language, terms in missing.items() if terms}
    if missing:
        text = json.dumps(missing, ensure_ascii=False, indent=1)
        Path(jobs["missing"]).write_text(f"{text}\n")
    for language, terms in sorted(missing.items()):
        print(f"{language}: {len(terms)} to translate, in {jobs['missing']}")
    return 1 if missing else 0


def carry(template, file, given):
    """Write a translation anew from the template; return the terms it lacks."""
    known = polib.pofile(str(file), wrapwidth=WIDTH)
    said = {entry.msgid: entry.msgstr for entry in known} | given
    known.clear()
    for entry in template:
        text = said.get(entry.msgid, "")
        if text and sorted(PLACE.findall(text)) != sorted(PLACE.findall(entry.msgid)):
            sys.exit(f"{file}: the values of {entry.msgid!r} are not in {text!r}")
        names = ("msgid", "comment", "occurrences", "flags")
        kept = {name: getattr(entry, name) for name in names}
        known.append(polib.POEntry(**kept, msgstr=text))
    known.metadata["POT-Creation-Date"] = template.metadata["POT-Creation-Date"]
    known.save(str(file))
    return [entry.msgid for entry in known if not entry.msgstr]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
