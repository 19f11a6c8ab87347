from odoo import api, fields, models


class ResPartner(models.Model):
    """The name by which letters address a contact, and the account it owes on."""

    _inherit = "res.partner"

    gym_account_error = fields.Char(
        string="Cannot Be Invoiced",
        compute="_compute_gym_account_error",
        compute_sudo=False,
        groups="account.group_account_invoice",
        help="What is wrong with the contact's receivable account.",
    )

    @api.depends_context("allowed_company_ids", "lang")
    @api.depends("commercial_partner_id.property_account_receivable_id.active")
    def _compute_gym_account_error(self):
        for partner in self:
            debtor = partner.commercial_partner_id
            errors = map(debtor._gym_account_fault, self.env.companies)
            partner.gym_account_error = next(filter(None, errors), False)

    def _gym_account_error(self, company):
        """Return sentences if invoices of the company to this debtor would fail: why,
        and what to do."""
        if fault := self._gym_account_fault(company):
            way = self.env._(
                "Open the contact and press Use the Default Account, or activate the"
                " account under Gym Dunning > Configuration > Chart of Accounts."
            )
            return f"{fault} {way}"
        return None

    def _gym_account_fault(self, company):
        # sudo: a salesperson who may not read accounts sees the contact, too
        account = self.sudo().with_company(company).property_account_receivable_id
        if account.active:
            return None
        names = {"member": self.display_name, "company": company.name}
        if not account:
            return self.env._(
                "%(member)s has no receivable account in %(company)s.", **names
            )
        return self.env._(
            "The receivable account %(account)s of %(member)s in %(company)s is"
            " archived.",
            account=account.display_name,
            **names,
        )

    def action_gym_default_account(self):
        """Let the contact owe on the usual account of each ticked company, where its
        own cannot be used. Odoo shows the account to accountants of its Enterprise
        edition only.

        :raise UserError: a company has no receivable account that is active
        """
        for debtor in self.commercial_partner_id:
            for company in self.env.companies:
                if debtor._gym_account_error(company):
                    debtor.with_company(
                        company
                    ).property_account_receivable_id = company._gym_receivable()

    def _name_on_letter(self):
        """Return the contact's name; of one without, as invoice addresses often are,
        the nearest name above it. Empty where nobody above has one."""
        if not self:
            return ""
        self.ensure_one()
        person = self.sudo()  # who writes the letter may not see whose address it is
        while person.parent_id and not (person.name or "").strip():
            person = person.parent_id
        return (person.name or "").strip()

    def _gym_address_lines(self, country=""):
        """Return the postal address in lines.

        :param country: what stands for the country; without it none is named
        """
        person = self.sudo()  # as above
        address = person._display_address(without_company=True)
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        name = person.country_id.name
        if name in lines:
            # the last one: a city may have the name of its country
            place = len(lines) - 1 - lines[::-1].index(name)
            lines[place : place + 1] = filter(None, [country])
        return lines

    def _gym_clerk(self):
        """Return the user who looks after the contact, if one does; a room in which
        somebody does answers."""
        self.ensure_one()
        return self.env["res.users"]
