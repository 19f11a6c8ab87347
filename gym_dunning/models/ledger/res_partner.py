from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...tools import is_minor

# Their changes tell that somebody owes, and where the debt is.
TELLING = ("client_status_id", "client_status_until")


class ResPartner(models.Model):
    """Guardians answer for what a minor owes; they stay until that is settled."""

    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS base
        before = self._guardians_at_stake(vals)
        result = super().write(vals)
        for member, (guardians, born) in before.items():
            lost = guardians.filtered(
                lambda one, kept=member.guardian_ids: one not in kept or not one.active
            )
            member._check_not_needed(lost, born)
        return result

    def _guardians_at_stake(self, vals):
        """Return the guardians and the birth date of whoever could lose a guardian."""
        members = self.browse()
        if "guardian_ids" in vals:
            members |= self
        if "ward_ids" in vals or not vals.get("active", True):
            members |= self.with_context(active_test=False).ward_ids
        return {
            member: (member.guardian_ids, member.birthdate_date) for member in members
        }

    def _check_not_needed(self, guardians, born):
        """Refuse that guardians leave while a debt from the time of minority is open."""
        debt = guardians and born and self._debt_of_minority(born)
        if debt:
            raise UserError(
                self.env._(
                    "%(guardian)s stays a legal guardian of %(member)s:"
                    " %(document)s of %(date)s is still open and from the time when"
                    " %(member)s was a minor. Have it paid or credited first.",
                    guardian=", ".join(guardians.mapped("display_name")),
                    member=self.display_name,
                    document=debt.move_id.name,
                    date=format_date(self.env, debt.move_id._dated()),
                )
            )

    def _debt_of_minority(self, born):
        """Return the oldest open item about the member from before coming of age."""
        # sudo: whoever corrects contacts need not see the ledger
        items = self.env["gym.open.item"].sudo()
        about = Domain("member_id", "=", self.id) & self._ledger_domain()
        found = items.search(about & Domain("amount_residual", ">", 0))
        old = found.filtered(lambda item: is_minor(born, item.move_id._dated()))
        return old.sorted(lambda item: (item.move_id._dated(), item.id))[:1]

    # === THREAD === #
    # The contact's chatter, which the reception reads too: debts are not for it.

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
