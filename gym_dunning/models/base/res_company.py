from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class ResCompany(models.Model):
    """A company or branch is a centre of the gym."""

    _inherit = "res.company"

    @api.model
    def _gym_never_empty(self):
        """Return the stored fields that always have a value; rooms add theirs.

        They are not `required`: modules that are loaded before ours make companies
        without knowing these columns. The database gives those the default.
        """
        return []

    def init(self):
        # EXTENDS base
        result = super().init()
        table = SQL.identifier(self._table)
        defaults = self.default_get(self._gym_never_empty())
        for name, value in defaults.items():
            column = SQL.identifier(name)
            for statement in (
                SQL("ALTER TABLE %s ALTER %s SET DEFAULT %s", table, column, value),
                SQL(
                    "UPDATE %s SET %s = DEFAULT WHERE %s IS NULL", table, column, column
                ),
            ):
                self.env.cr.execute(statement)
        return result

    @api.constrains(lambda self: self._gym_never_empty())
    def _check_never_empty(self):
        for company in self:
            for name in self._gym_never_empty():
                if not company[name]:
                    raise ValidationError(
                        self.env._(
                            "%(company)s: choose a value for %(field)s. It cannot be"
                            " empty.",
                            company=company.name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    def _ticked_centres(self):
        """Return the company and the branches below it that the user has ticked."""
        self.ensure_one()
        below = self.env.companies.filtered(lambda one: self in one.sudo().parent_ids)
        return self | below

    def _unticked_centres(self):
        """Return the branches below that the user may see but has not ticked."""
        self.ensure_one()
        below = self.env.user.company_ids.filtered(
            lambda one: self in one.sudo().parent_ids
        )
        return below - self._ticked_centres()

    def _with_unticked_centres(self):
        """Return these companies and the branches below that are not ticked."""
        return self.union(*(company._unticked_centres() for company in self))

    # === BOOKS === #

    def _gym_receivable(self):
        """Return the account on which new contacts owe, or the first that may be used.

        :raise UserError: the company has none that is active
        """
        self.ensure_one()
        partners = self.env["res.partner"].with_company(self)
        field = partners._fields["property_account_receivable_id"]
        usual = field.get_company_dependent_fallback(partners)
        if usual.active:
            return usual
        accounts = self.env["account.account"].with_company(self)
        first = accounts.search(
            [
                *accounts._check_company_domain(self),
                ("account_type", "=", "asset_receivable"),
                ("non_trade", "=", False),
            ],
            limit=1,
        )
        if not first:
            raise UserError(
                self.env._(
                    "%s has no active receivable account. Activate one under Gym"
                    " Dunning > Configuration > Chart of Accounts.",
                    self.name,
                )
            )
        return first

    # === TIME === #

    def _gym_timezone(self, person=None):
        """Return the name of the time zone that the gym lives in: that of its
        contact, of the contact of a company above it, of the person, else UTC."""
        self.ensure_one()
        # sudo: where a gym is, is no secret
        above = self.sudo().parent_ids.sorted(lambda one: -len(one.parent_path))
        zones = above.partner_id.mapped("tz") + [person and person.sudo().tz]
        return next(filter(None, zones), "UTC")

    def _gym_today(self, person=None):
        """Return the day it is in the gym, whatever it is on the server.

        :param person: whose time zone counts where the gym's contact has none
        """
        local = self.with_context(tz=self._gym_timezone(person))
        return fields.Date.context_today(local)
