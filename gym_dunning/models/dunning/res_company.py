from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

REMINDER_SEQUENCE = "gym.dunning.reminder"
LONELY_FEES = [
    ("keep", "Keep It Open"),
    ("waive", "Waive It"),
    ("debit", "Collect It with the Next Direct Debit"),
]

# Odoo's modules that send a country's e-invoices and are not called "edi".
NATIONAL_E_INVOICING = {
    "DK": "l10n_dk_nemhandel",
    "FR": "l10n_fr_facturx_chorus_pro",
    "TR": "l10n_tr_nilvera_einvoice",
}
# Peppol keeps these for those who are not on it.
OFF_PEPPOL = (False, "not_registered", "rejected")


class ResCompany(models.Model):
    """How a centre reminds: its numbers, and who gets access back by himself."""

    _inherit = "res.company"

    dunning_auto_unblock = fields.Boolean(
        string="Unblock Members Who Paid",
        help="Members blocked by a reminder get their access back as soon as nothing"
        " overdue is left. Off: somebody unblocks them by hand.",
    )

    dunning_lonely_fee = fields.Selection(
        LONELY_FEES,
        string="When Only a Fee Is Left",
        default="keep",
        help="What happens when everything on a reminder is paid except its fee. "
        "Nobody is reminded of a fee alone.",
    )
    dunning_lonely_fee_days = fields.Integer(
        string="Days before It Is Waived",
        default=30,
        help="After the last item of the reminder was paid.",
    )
    _dunning_lonely_fee_days_positive = models.Constraint(
        "CHECK (dunning_lonely_fee_days >= 0)",
        "A fee cannot be waived before the rest is paid: enter 0 days or more.",
    )

    @api.model
    def _gym_never_empty(self):
        # EXTENDS base: one of the three happens
        return [*super()._gym_never_empty(), "dunning_lonely_fee"]

    # === NUMBERS === #

    def _next_reminder_numbers(self, count, date):
        """Draw `count` reminder numbers of this centre at once.

        :return: list of names
        """
        self.ensure_one()
        if not count:
            return []
        # sudo: numbers are drawn by whoever issues, sequences are set-up
        return self.sudo()._reminder_sequence()._gym_draw(count, date)

    def _reminder_sequence(self):
        """Return the centre's own sequence, made on first use."""
        sequences = self.env["ir.sequence"]
        mine = sequences.search(
            [("code", "=", REMINDER_SEQUENCE), ("company_id", "=", self.id)], limit=1
        )
        return mine or sequences.create(
            {
                "name": self.env._("Reminders of %s", self.name),
                "code": REMINDER_SEQUENCE,
                "company_id": self.id,
                "prefix": self._reminder_prefix(),
                "padding": 5,
            }
        )

    def _reminder_prefix(self):
        """Return what the numbers of this centre begin with: its short code, unless it
        is the only company or the holding."""
        roots = self.with_context(active_test=False).search_count(
            [("parent_id", "=", False)], limit=2
        )
        if not self.parent_id and roots == 1:
            return "REM/%(year)s/"
        return self._coded_prefix(self._gym_code())

    @api.model
    def _coded_prefix(self, code):
        return f"REM/{code}/%(year)s/"

    def write(self, vals):
        # EXTENDS base: numbers to come follow the short code
        old = {company.id: company.gym_short_code for company in self}
        result = super().write(vals)
        for company in self if "gym_short_code" in vals else ():
            company._change_prefix(self._coded_prefix(old[company.id]))
        return result

    def _change_prefix(self, old):
        """Let the sequence go on with the prefix of today, if nobody gave it another
        than `old`."""
        # sudo: who sets up a centre need not set up sequences
        sequences = self.env["ir.sequence"].sudo()
        of_reminders = sequences.search(
            [("code", "=", REMINDER_SEQUENCE), ("company_id", "=", self.id)]
        )
        of_reminders.filtered(
            lambda sequence: sequence.prefix == old
        ).prefix = self._coded_prefix(self._gym_code())

    @api.model
    def _gym_drop_ids_in_numbers(self):
        """Numbers named a branch by its id, which reads as a level: REM2/2026/00043.
        Its next ones name the short code. Called at each update."""
        # sudo: all of them, also those that nobody works for
        branches = self.sudo().with_context(active_test=False)
        for branch in branches.search([("parent_id", "!=", False)]):
            branch._change_prefix(f"REM{branch.id}/%(year)s/")

    def _gym_taken_codes(self):
        # EXTENDS base: a code that others' numbers name would give a number twice
        return super()._gym_taken_codes() | self._codes_in_numbers()

    def _codes_in_numbers(self):
        """Return the codes that reminders of other centres name in their numbers."""
        self.env["gym.dunning.reminder"].flush_model(["name", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT split_part(name, '/', 2) FROM gym_dunning_reminder
                    WHERE name LIKE 'REM/%%/%%/%%' AND company_id != ALL(%s)""",
                self._origin.ids,
            )
        )
        return {code for (code,) in rows}

    @api.constrains("gym_short_code")
    def _check_code_in_numbers(self):
        for company in self:
            if company.gym_short_code in company._codes_in_numbers():
                raise ValidationError(
                    self.env._(
                        "%(company)s: reminders of another centre bear the short code"
                        " %(code)s in their numbers. Choose another one, so that no"
                        " number is given twice.",
                        company=company.name,
                        code=company.gym_short_code,
                    )
                )

    # === E-INVOICING === #

    @api.private
    def _gym_has_e_invoicing(self):
        """Tell whether invoices of this centre go out as e-invoices, so that fees are
        better booked as entries.

        That a module for it is installed says nothing by itself: Odoo installs
        `account_edi_ubl_cii` with its invoicing everywhere. It counts when the centre or
        its holding is registered with Peppol, when a module of the centre's country is
        installed (`l10n_gr_edi` for one in Greece), or when a customer has a format of
        his own here.
        """
        self.ensure_one()
        return (
            self._gym_is_on_peppol()
            or self._gym_has_national_e_invoicing()
            or self._gym_has_e_invoiced_customers()
        )

    def _gym_is_on_peppol(self):
        if "account_peppol_proxy_state" not in self._fields:
            return False
        # sudo: who sets up a centre need not have access to its holding
        states = self.sudo().parent_ids.mapped("account_peppol_proxy_state")
        return any(state not in OFF_PEPPOL for state in states)

    def _gym_has_national_e_invoicing(self):
        # sudo: as above
        country = self.country_id or self.sudo().root_id.country_id
        if not country:
            return False
        installed = self.env["ir.module.module"]._installed()
        prefix = f"l10n_{country.code.lower()}_edi"
        return NATIONAL_E_INVOICING.get(country.code) in installed or any(
            name == prefix or name.startswith(f"{prefix}_") for name in installed
        )

    def _gym_has_e_invoiced_customers(self):
        # sudo: one customer whom the user may not see is enough
        customers = self.env["res.partner"].sudo().with_company(self)
        return bool(
            customers.search_count(
                [("invoice_edi_format_store", "not in", (False, "none"))], limit=1
            )
        )
