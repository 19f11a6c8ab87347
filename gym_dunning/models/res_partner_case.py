from odoo import api, fields, models


class ResPartner(models.Model):
    """From a customer to the collection cases."""

    _inherit = "res.partner"

    collection_case_count = fields.Integer(
        compute="_compute_collection_case_count",
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

    def _addresses(self):
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
