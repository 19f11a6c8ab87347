"""Every WARNING or ERROR in a log of Odoo is a defect, but for the few explained here."""

import re

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>WARNING|ERROR|CRITICAL) \S+ (?P<text>.*)$"
)

# (pattern, reason): lines that are not about our modules and cannot be helped here.
IGNORED = [
    (
        r"^odoo\.modules\.loading: .*wkhtmltopdf",
        "the machine's, and script/setup brings its own",
    ),
    (r"^odoo\.addons\.base\.models\.ir_actions_report: .*wkhtmltopdf", "the same"),
]


def complaints(log_text):
    """The lines of a log that are not in order."""
    found = []
    for line in log_text.splitlines():
        match = LINE.match(line)
        if match and not any(
            re.search(pattern, match["text"]) for pattern, _why in IGNORED
        ):
            found.append(f"{match['level']} {match['text']}")
    return found
