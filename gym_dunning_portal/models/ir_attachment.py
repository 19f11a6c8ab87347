from odoo import api, models
from odoo.exceptions import UserError

# What an attachment is: its name may change.
CONTENT = frozenset({"raw", "datas", "db_datas", "store_fname", "res_model", "res_id"})


class IrAttachment(models.Model):
    """What came with an answer of the page is evidence."""

    _inherit = "ir.attachment"

    def write(self, vals):
        # EXTENDS base
        if not CONTENT.isdisjoint(vals):
            self._gym_check_no_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_no_evidence(self):
        self._gym_check_no_evidence()

    def _gym_check_no_evidence(self):
        if self.env.su:
            return
        # sudo: which of them are evidence, whoever asks
        for one in self.sudo():
            if one.res_model == "gym.member.answer":
                raise UserError(
                    self.env._(
                        "%s came with a member's answer, and is kept as it came.",
                        one.name,
                    )
                )
