from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class GymRelatedContact(models.Model):
    """A person to talk to about a customer (G-21 to G-28)."""

    _name = "gym.related.contact"
    _description = "Related Contact"
    _order = "is_main DESC, id"
    _rec_name = "contact_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    contact_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_company", "=", False)],
        help="A person, not a company.",
    )
    job_position = fields.Char(help="Chief accountant, director, ...")
    relation = fields.Char(help="Employee, mother, ...")
    kind = fields.Selection(
        [
            ("work", "At Work"),
            ("family", "Family"),
            ("legal", "Legal Representative"),
            ("other", "Other"),
        ],
        string="Kind of Relation",
        required=True,
        default="work",
    )
    is_main = fields.Boolean(
        string="Main", help="Comes before the others; a customer has one at most."
    )
    address_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', 'child_of', [partner_id, contact_id])]",
        help="Where to reach the person: an address of the customer or of the person.",
    )
    phone = fields.Char(related="contact_id.phone")
    email = fields.Char(related="contact_id.email")

    _main_uniq = models.UniqueIndex(
        "(partner_id) WHERE is_main",
        "A customer has one main contact: mark one person only.",
    )

    @api.constrains("partner_id", "contact_id")
    def _check_contact(self):
        for related in self:
            if related.contact_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a company. Choose a person as related contact"
                        " of %(partner)s.",
                        contact=related.contact_id.display_name,
                        partner=related.partner_id.display_name,
                    )
                )
            if related.contact_id == related.partner_id:
                raise ValidationError(
                    self.env._(
                        "%s cannot be their own related contact.",
                        related.partner_id.display_name,
                    )
                )

    @api.constrains("address_id", "partner_id", "contact_id")
    def _check_address(self):
        for related in self.filtered("address_id"):
            owners = related.partner_id | related.contact_id
            if not related.address_id.filtered_domain([("id", "child_of", owners.ids)]):
                raise ValidationError(
                    self.env._(
                        "%(address)s belongs neither to %(partner)s nor to "
                        "%(contact)s. Choose one of their addresses.",
                        address=related.address_id.display_name,
                        partner=related.partner_id.display_name,
                        contact=related.contact_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        customer = self.env.context.get("default_partner_id")
        mains = [one for one in vals_list if one.get("is_main")]
        self._take_back_main([one.get("partner_id", customer) for one in mains])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("is_main"):
            partner = vals.get("partner_id")
            self._take_back_main([partner] if partner else self.partner_id.ids)
        return super().write(vals)

    def _take_back_main(self, partner_ids):
        """Whoever is marked last is the main contact: unmark the others."""
        domain = Domain("partner_id", "in", partner_ids) & Domain("is_main", "=", True)
        others = self.search(domain) - self
        others.is_main = False
        others.flush_recordset()  # before the index sees the new one
