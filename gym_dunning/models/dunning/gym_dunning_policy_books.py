from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class GymDunningPolicy(models.Model):
    """What happens when reminders are generated on books that are old: who paid
    meanwhile would be reminded all the same."""

    _inherit = "gym.dunning.policy"

    books_old = fields.Selection(
        [
            ("say", "Say So and Go On"),
            ("ask", "Ask before Generating"),
            ("refuse", "Refuse to Generate"),
        ],
        string="When the Bank Is Not Up to Date",
        default="ask",
        required=True,
        help="Automatic runs generate nothing where somebody would be asked or refused:"
        " the responsible is told.",
    )
    books_max_age = fields.Integer(
        string="Not Up to Date after (Bank Working Days)",
        default=3,
        help="Bank working days since the newest booking that is known. Only banks count"
        " of which a file or a statement was ever imported.",
    )

    @api.constrains("books_max_age")
    def _check_books_max_age(self):
        for policy in self:
            if policy.books_max_age < 0:
                raise ValidationError(
                    self.env._(
                        "%s: enter 0 or more bank working days.",
                        policy.name,
                    )
                )

    def _old_banks(self, companies):
        """Return the banks of the companies that are not up to date."""
        self.ensure_one()
        return [
            bank
            for bank in self.env["gym.bank.books"]._banks(companies)
            if bank.working_days > self.books_max_age
        ]

    @api.model
    def _old_books_sentence(self, banks):
        """Say of which banks no booking is known for how long."""
        return "\n".join(
            self.env._(
                "%(bank)s: the newest booking known is of %(day)s. Bank working days"
                " since then: %(days)s.",
                bank=bank.journal.name,
                day=format_date(self.env, bank.day),
                days=bank.working_days,
            )
            for bank in banks
        )

    @api.model
    def _books_way_out(self):
        """Say what makes the books new."""
        return self.env._(
            "Import the bank's file first. For an account that is not used any more, untick"
            " 'Ask for Its Bookings' at its journal, or archive the journal."
        )
