from odoo import api, models


class GymLetterThread(models.AbstractModel):
    """The conversation below what a run sends to an addressee by the thousand."""

    _name = "gym.letter.thread"
    _description = "Replies to a Letter"
    _inherit = ["gym.mailed"]

    def _addressee_name(self):
        """Return the name to write to: the addressee's, else the nearest above him,
        else the name of the person it is about."""
        self.ensure_one()
        name = self.addressee_id._name_on_letter()
        return name or self.partner_id._name_on_letter()

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        # EXTENDS mail: who writes to a letter's chatter writes to its addressee
        return ["addressee_id"]

    def message_update(self, msg_dict, update_vals=None):
        # EXTENDS mail: a reply must reach a person; thousands of letters have no
        # followers until somebody answers one of them
        for letter in self:
            person = letter.run_id._responsible()
            letter._message_subscribe(partner_ids=person.partner_id.ids)
        return super().message_update(msg_dict, update_vals=update_vals)
