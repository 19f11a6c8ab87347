import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...reports.agency import agency_answer


class GymAgencyAnswer(models.TransientModel):
    """Bring in the file with which the agency answers (AMB-25)."""

    _name = "gym.agency.answer"
    _description = "Import the Agency's Answer"
    _inherit = ["gym.dialog"]

    agency_id = fields.Many2one(
        "gym.collection.agency",
        required=True,
        compute="_compute_agency_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    handover_id = fields.Many2one("gym.agency.handover", string="Hand-Over")
    # needed, but not by the database: an empty file is told in a sentence
    file = fields.Binary(string="Answer File", attachment=False)
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
        content = self._content()
        rows = self._rows(content)
        taken = self.env["gym.agency.handover.line"]._take_updates(
            [row for __, row in rows], self.agency_id
        )
        self._show(taken, [number for number, __ in rows])
        owner = self.handover_id or self.agency_id
        self._keep_file(owner, content)
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

    def _rows(self, content):
        """Return pairs of row number and row.

        :raise UserError: the content is no answer file, or too large
        """
        try:
            return agency_answer.read_rows(content)
        except agency_answer.TooLarge:
            raise UserError(
                self.env._(
                    "%(file)s is too large: an answer file has at most %(rows)s rows"
                    " and %(size)s MB. Split it, and import the parts.",
                    file=self._file_label(),
                    rows=agency_answer.MAX_ROWS,
                    size=agency_answer.MAX_BYTES // 1_000_000,
                )
            ) from None
        except agency_answer.Unreadable:
            raise UserError(
                self.env._(
                    "%(file)s cannot be read. It must be a CSV file in UTF-8 or an XLSX"
                    " file, with the column names in its first row and among them"
                    " '%(column)s'.",
                    file=self._file_label(),
                    column=agency_answer.NEEDED,
                )
            ) from None

    def _file_label(self):
        return self.file_name or self.env._("The file")

    def _content(self):
        try:
            content = base64.b64decode(self.file or b"")
        except binascii.Error:
            content = b""
        if not content:
            raise UserError(
                self.env._(
                    "%s is empty. Choose the file that the agency sent.",
                    self._file_label(),
                )
            )
        return content

    def _show(self, taken, numbers):
        """Show the figures and the refused rows.

        :param numbers: of the rows in the file, in the order they were taken
        """
        self.write(
            {
                "is_imported": True,
                "taken_count": taken.changed,
                "unchanged_count": taken.unchanged,
                "refused_count": len(taken.refused),
                "row_ids": [
                    Command.create(refusal | {"row": numbers[refusal["row"] - 1]})
                    for refusal in taken.refusals()
                ],
            }
        )

    def _keep_file(self, owner, content):
        """Keep the file at the hand-over or agency; the same file once."""
        # sudo: a clerk brings answers in, but does not edit the agency
        attachments = self.env["ir.attachment"].sudo()
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
