"""The letter itself says that its fee was agreed, where it was; the delivered texts said
so to everybody. What a gym wrote in its own words stays."""

from odoo.tools import SQL

OUTDATED = (
    (
        "; as agreed we charge a fee for this reminder. You may show that the damage was"
        " lower or that there was none."
    ),
    (
        "; wie vereinbart berechnen wir für diese Mahnung eine Gebühr. Ihnen bleibt der"
        " Nachweis gestattet, dass der Schaden geringer war oder dass keiner entstanden ist."
    ),
    (
        "; wie vereinbart berechnen wir für diese Mahnung eine Gebühr. Ihnen bleibt der"
        " Nachweis, dass kein oder ein geringerer Schaden entstanden ist."
    ),
    (
        "\N{NO-BREAK SPACE}; comme convenu, nous vous facturons des frais pour ce rappel."
        " Vous pouvez démontrer que le dommage a été moindre ou qu'il n'y en a pas eu."
    ),
    (
        " ; comme convenu, nous facturons des frais pour ce rappel. Vous pouvez prouver que"
        " le dommage était moindre ou inexistant."
    ),
    (
        "· όπως έχει συμφωνηθεί, χρεώνουμε επιβάρυνση για αυτή την υπενθύμιση. Μπορείτε να"
        " αποδείξετε ότι η ζημία ήταν μικρότερη ή ότι δεν υπήρξε καμία ζημία."
    ),
    (
        "· όπως έχει συμφωνηθεί, χρεώνουμε τέλος για αυτή την υπενθύμιση. Μπορείτε να"
        " αποδείξετε ότι η ζημία ήταν μικρότερη ή ότι δεν υπήρξε."
    ),
)


def migrate(cr, version):
    for column in map(SQL.identifier, ("intro", "intro_debit")):
        for text in OUTDATED:
            cr.execute(
                SQL(
                    """UPDATE gym_dunning_level
                          SET %(column)s = replace(%(column)s::text, %(text)s, '.')::jsonb
                        WHERE strpos(%(column)s::text, %(text)s) > 0""",
                    column=column,
                    text=text,
                )
            )
