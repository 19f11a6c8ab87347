import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..reports import agency_answer


class GymAgencyAnswer(models.TransientModel):
    """Bring in the file with which the agency answers (AMB-25)."""

    _name = "gym.agency.answer"
    _description = "Import the Agency's Answer"

    agency_id = fields.Many2one(
        "gym.collection.agency",
        required=True,
        compute="_compute_agency_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    handover_id = fields.Many2one("gym.agency.handover", string="Hand-Over")
    file = fields.Binary(string="Answer File", required=True, attachment=False)
    file_name = fields.Char()
    is_imported = fields.Boolean(readonly=True)
    taken_count = fields.Integer(string="Taken", readonly=True)
    unchanged_count = fields.Integer(string="Known Already", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    row_ids = fields.One2many(
        "gym.agency.answer.row", "answer_id", string="Refused Rows", readonly=True
    )

    @api.depends("handover_id")
    def _compute_agency_id(self):
        """The hand-over's agency, else the only one there is."""
        agencies = self.env["gym.collection.agency"].search([], limit=2)
        for answer in self:
            answer.agency_id = answer.handover_id.agency_id or (
                agencies if len(agencies) == 1 else False
            )

    def action_import(self):
        """Take the rows of the file; what is refused is listed.

        The lines of all hand-overs to this agency may stand in one file.

        :return: the action that shows the same dialog with the result
        :raise UserError: the file cannot be read
        """
        self.ensure_one()
        rows = self._rows()
        taken = self.env["gym.agency.handover.line"]._take_updates(rows, self.agency_id)
        self._show(taken)
        owner = self.handover_id or self.agency_id
        self._keep_file(owner)
        taken._note(
            self.env._("Answer file %s", self.file_name or ""),
            taken.lines.handover_id | self.handover_id,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import the Agency's Answer"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _rows(self):
        try:
            return agency_answer.read_rows(self._content())
        except agency_answer.Unreadable:
            raise UserError(
                self.env._(
                    "%(file)s cannot be read. It must be a CSV file in UTF-8 or an XLSX"
                    " file, with the column names in its first row and among them"
                    " '%(column)s'.",
                    file=self.file_name or self.env._("The file"),
                    column=agency_answer.NEEDED,
                )
            ) from None

    def _content(self):
        return base64.b64decode(self.file)

    def _show(self, taken):
        self.write(
            {
                "is_imported": True,
                "taken_count": taken.changed,
                "unchanged_count": taken.unchanged,
                "refused_count": len(taken.refused),
                "row_ids": [
                    Command.create(refusal | {"row": refusal["row"] + 1})
                    for refusal in taken.refusals()
                ],
            }
        )

    def _keep_file(self, owner):
        """Keep the file at the hand-over or agency; the same file once."""
        # sudo: a clerk brings answers in, but does not edit the agency
        attachments = self.env["ir.attachment"].sudo()
        content = self._content()
        kept = attachments.search(
            [
                ("res_model", "=", owner._name),
                ("res_id", "=", owner.id),
                ("checksum", "=", attachments._compute_checksum(content)),
            ],
            limit=1,
        )
        if not kept:
            attachments.create(
                {
                    "name": self.file_name or self.env._("Answer"),
                    "raw": content,
                    "res_model": owner._name,
                    "res_id": owner.id,
                }
            )


class GymAgencyAnswerRow(models.TransientModel):
    """A row of the agency's file that was refused."""

    _name = "gym.agency.answer.row"
    _description = "Refused Row of an Answer"
    _order = "row"

    answer_id = fields.Many2one(
        "gym.agency.answer", required=True, ondelete="cascade", index=True
    )
    row = fields.Integer(help="In the file; the header is row 1.")
    line_number = fields.Char(string="Posting Number")
    message = fields.Text(string="Reason")
