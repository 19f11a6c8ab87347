from odoo import models

# Their changes tell that somebody owes, and where the debt is.
TELLING = ("client_status_id", "client_status_until")


class ResPartner(models.Model):
    """The contact's chatter, which the reception reads too: debts are not for it."""

    _inherit = "res.partner"

    def _message_create(self, values_list):
        # EXTENDS mail: the low level, where logged changes are messages already
        debts = self.env.ref("gym_dunning.mt_debts", raise_if_not_found=False)
        if debts:
            values_list = [
                vals | {"subtype_id": debts.id} if self._tells_of_debts(vals) else vals
                for vals in values_list
            ]
        return super()._message_create(values_list)

    def _tells_of_debts(self, vals):
        """Tell whether a message logs a change of billing, or why access changed."""
        changed = {
            command[2]["field_id"]
            for command in vals.get("tracking_value_ids") or ()
            if command[2]
        }
        reasoned = vals.get("body") and self._field_id("member_status_id") in changed
        telling = {self._field_id(name) for name in TELLING}
        return bool(reasoned) or not changed.isdisjoint(telling)

    def _field_id(self, name):
        return self.env["ir.model.fields"]._get("res.partner", name).id
