from odoo import fields, models

SEPARATORS = {"semicolon": ";", "comma": ","}
DECIMAL_MARKS = {"point": ".", "comma": ","}


class GymCollectionAgency(models.Model):
    """How the agency's program reads CSV files."""

    _inherit = "gym.collection.agency"

    csv_separator = fields.Selection(
        [("semicolon", "Semicolon"), ("comma", "Comma")],
        string="CSV Separator",
        required=True,
        default="semicolon",
    )
    csv_decimal = fields.Selection(
        [("point", "Point"), ("comma", "Comma")],
        string="CSV Decimal Mark",
        required=True,
        default="point",
    )

    def _csv_separator(self):
        return SEPARATORS[self.csv_separator]

    def _csv_decimal_mark(self):
        return DECIMAL_MARKS[self.csv_decimal]
