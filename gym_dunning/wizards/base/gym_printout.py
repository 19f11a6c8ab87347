from odoo import api, models


class GymPrintout(models.TransientModel):
    """What somebody printed for himself: a document over several runs or centres.

    It belongs to no run, because whoever may open a run of his centre must not read
    the debtors of another. Only who printed it can fetch it, and it is vacuumed.
    """

    _name = "gym.printout"
    _description = "Printed Document"

    @api.model
    def _keep(self, name, content, owner=None):
        """Keep a printed document, in place of an earlier one of the same name.

        :param owner: the record it belongs to; none: who prints
        :return: the attachment
        """
        owner = owner or self.create({})
        attachments = self.env["ir.attachment"]
        same = attachments.search(
            [
                ("res_model", "=", owner._name),
                ("res_id", "=", owner.id),
                ("name", "=", name),
            ],
            limit=1,
        )
        if same:
            same.raw = content
            return same
        return attachments.create(
            {
                "name": name,
                "raw": content,
                "res_model": owner._name,
                "res_id": owner.id,
            }
        )
