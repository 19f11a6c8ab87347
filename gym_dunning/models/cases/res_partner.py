from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .res_company import PARTICIPATION


class ResPartner(models.Model):
    """From a customer to the collection cases."""

    _inherit = "res.partner"

    collection_case_count = fields.Integer(
        compute="_compute_collection_case_count",
        groups="gym_dunning.group_debt_manager",
    )
    # no groups: whoever registers a customer writes the default
    collection_participation = fields.Selection(
        PARTICIPATION,
        string="Takes Part in Collections",
        default=lambda self: self._default_collection_participation(),
        help="No: no collection case is made. Per branch: one for each address of the"
        " customer, not one for all.",
    )
    debt_manager_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        domain=[("collection_team_ids", "!=", False), ("share", "=", False)],
        copy=False,  # copied with the rights of whoever duplicates the contact
        groups="gym_dunning.group_debt_manager",
        help="Who works on the customer's debts: a member of a collection team.",
    )
    related_contact_ids = fields.One2many(
        "gym.related.contact",
        "partner_id",
        groups="gym_dunning.group_debt_manager",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_collection_case_count(self):
        rows = self.env["gym.collection.case"]._read_group(
            [("partner_id", "child_of", self.commercial_partner_id.ids)],
            ["partner_id"],
            ["__count"],
        )
        counts = {}
        for debtor, count in rows:
            customer = debtor.commercial_partner_id
            counts[customer] = counts.get(customer, 0) + count
        for partner in self:
            partner.collection_case_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_collection_cases(self):
        """Open the screen with the figures and all collection cases (G-74)."""
        return self._collection_cases_action()

    def _gym_addresses(self):
        """Return these contacts and all addresses below them, archived ones too."""
        contacts = self.with_context(active_test=False)
        return contacts.search([("id", "child_of", self.ids)])

    def _collection_cases_action(self):
        """Return the action that shows the customers behind these contacts: the
        screen of the one, or the list of the many."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_case_customer_action"
        )
        customers = self.commercial_partner_id
        if len(customers) == 1:
            return dict(action, views=[(False, "form")], res_id=customers.id)
        return dict(action, domain=[("id", "in", customers.ids)], context={})

    def _auto_init(self):
        # EXTENDS base: whoever is there takes part, which PostgreSQL notes beside the
        # table; Odoo would write every contact
        if not column_exists(self.env.cr, self._table, "collection_participation"):
            for change in (
                "ADD COLUMN collection_participation varchar DEFAULT 'yes'",
                "ALTER COLUMN collection_participation DROP DEFAULT",
            ):
                self.env.cr.execute(SQL("ALTER TABLE res_partner %s", SQL(change)))
        return super()._auto_init()

    # === COLLECTION === #
    # The customer in collections: takes part, worked by whom, talking to whom.

    @api.model
    def _default_collection_participation(self):
        # sudo: whoever registers a member, the holding decides for its centres
        return self.env.company.sudo().root_id.collection_participation

    @api.constrains("debt_manager_id")
    def _check_debt_manager(self):
        # sudo: teams of other centres count too
        for partner in self.sudo().filtered("debt_manager_id"):
            if not partner.debt_manager_id.collection_team_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be the debt manager of %(partner)s because "
                        "they are in no collection team. Choose a member of a team, "
                        "or have a manager add %(user)s to one.",
                        user=partner.debt_manager_id.name,
                        partner=partner.display_name,
                    )
                )

    def action_set_collection(self):
        """Open the dialog that sets participation and debt manager of many (G-10)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Collections"),
            "res_model": "gym.collection.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": [Command.set(self.ids)]},
        }

    def _collection_contact(self):
        """Return whom the debt manager talks to: payment contact, else main contact;
        nobody for no customer."""
        main = self.related_contact_ids.filtered("is_main")
        return self.payment_contact_id or main.contact_id

    def _gym_clerk(self):
        # EXTENDS base
        return self.debt_manager_id or super()._gym_clerk()
