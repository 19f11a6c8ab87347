from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...exceptions import NothingToDo
from ...reports.agency import handover_xml
from ...reports.agency.gym_agency_list import COLUMNS, FORMAT_VERSION
from ...reports.agency.gym_agency_list_rows import Claim
from ...reports.base import tabular
from .gym_agency_handover_line import RETURNED

LIST_REPORT = "gym_dunning.action_report_agency_handover"


class GymAgencyHandover(models.Model):
    """The files that leave the house."""

    _inherit = "gym.agency.handover"

    export_ids = fields.One2many(
        "gym.agency.export", "handover_id", string="Exports", readonly=True
    )

    # === ACTIONS === #

    def action_download_file(self):
        """Fetch the file as it was made; who fetches it is logged.

        When somebody in it was taken back or refused, it is made anew without them.

        :return: the action that downloads it
        :raise UserError: no file was made, or nobody is left in it
        """
        self.ensure_one()
        attachment = self._last_file()
        if attachment and not self._is_file_current(attachment):
            self._check_anybody_left()
            attachment = self._make_file()
        if not attachment:
            raise UserError(
                self.env._(
                    "%s has no file: it was never created, or somebody deleted it. "
                    "Press Print List for a list on paper.",
                    self.name,
                )
            )
        self._log_export("download", attachment)
        return attachment._gym_download()

    def action_print_list(self):
        """Print who is at the agency with what; the PDF is kept and logged.

        :return: the action that downloads it
        :raise UserError: nobody of this hand-over is at the agency
        """
        self.ensure_one()
        if not self._claims():
            raise NothingToDo(
                self.env._(
                    "Nobody of %s is at the agency: nothing to print.", self.name
                )
            )
        report = self.env["ir.actions.report"]
        content, extension = report._render_qweb_pdf(LIST_REPORT, self.ids)
        attachment = self._keep(content, extension)
        self._log_export("list", attachment)
        return attachment._gym_download()

    # === WHAT LEAVES === #

    def _lines_at_agency(self):
        """Return the lines whose claims the agency has or shall get."""
        self.ensure_one()
        return self.env["gym.agency.handover.line"].search(
            Domain("handover_id", "=", self.id)
            & Domain("file_state", "!=", False)
            & Domain("file_state", "not in", RETURNED),
            order="number",
        )

    def _claims(self):
        """Return the claims as handed over, whatever was paid since."""
        claims = self.env["gym.agency.claim"].search(
            Domain("line_id", "in", self._lines_at_agency().ids)
            & Domain("move_line_id", "!=", False),  # else anonymised
            order="id",
        )
        return [
            Claim(
                claim.move_line_id,
                claim.amount,
                claim.line_id.name,
                claim.line_id.partner_id,
            )
            for claim in claims.sorted(lambda one: one.line_id.number)
        ]

    def _file_rows(self):
        """Return a dict per claim, by the keys of the file's columns."""
        return self.env["gym.agency.list"]._rows(self._claims(), self.date, self.name)

    # === FILE === #

    def _make_file(self):
        """Write the claims in the agency's format, keep the file and log it.

        :return: the attachment
        """
        self.ensure_one()
        file_format = self.agency_id.file_format
        content = getattr(self, f"_to_{file_format}")(self._file_rows())
        attachment = self._keep(content, file_format)
        self._log_export("file", attachment)
        return attachment

    def _to_csv(self, rows):
        agency = self.agency_id
        return tabular.to_csv(
            COLUMNS, rows, agency._csv_separator(), agency._csv_decimal_mark()
        )

    def _to_xlsx(self, rows):
        totals = self.env["gym.agency.list"]._totals(rows)
        return tabular.to_xlsx(COLUMNS, rows, totals, self.env._("Totals"))

    def _to_xml(self, rows):
        counts = Counter(row["currency"] for row in rows)
        totals = self.env["gym.agency.list"]._totals(rows)
        header = {
            "format_version": FORMAT_VERSION,
            "run_number": self.name,
            "handover_date": self.date,
            "creditor_company": self.company_id.root_id.name,
        }
        sums = [(currency, counts[currency], amount) for currency, amount in totals]
        return handover_xml.to_xml(header, sums, COLUMNS, rows)

    def _is_file_current(self, attachment):
        """Tell whether a file holds whom the agency has or shall get, and nobody else.

        Whoever joins a hand-over is delivered, which makes a file; so a file that
        counts as many members as there are holds just these.
        """
        made = self.export_ids.filtered(
            lambda entry: entry.kind == "file" and entry.attachment_id == attachment
        )
        return made[:1].line_count == len(self._lines_at_agency())

    def _check_anybody_left(self):
        if not self._lines_at_agency():
            raise NothingToDo(
                self.env._(
                    "%s: every member was refused or taken back, so nothing is left "
                    "to send.",
                    self.name,
                )
            )

    # === KEEPING === #

    def _file_name(self):
        """Return the name of a file without its extension."""
        self.ensure_one()
        return f"{self.name}_{fields.Date.to_string(self.date)}".replace("/", "-")

    def _keep(self, content, extension):
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._file_name()}.{extension}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _last_file(self):
        made = self.export_ids.filtered(
            lambda one: one.kind == "file" and one.attachment_id
        )
        return made.sorted("id")[-1:].attachment_id

    # === EXPORT === #
    # The log of what left the house.

    def _log_export(self, kind, attachment, recipient=None):
        """Note who let which content leave the house, and to whom.

        :param kind: see `gym.agency.export`
        :param attachment: the content, as it left
        :param recipient: address of an e-mail or web service; else the agency's name
        :return: the entry
        """
        self.ensure_one()
        vals = {
            "handover_id": self.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "recipient": recipient or self.agency_id.display_name,
        }
        log = self.env["gym.agency.export"]
        return log._log(attachment, vals | self._export_figures(attachment))

    @api.model
    def _log_download(self, attachment):
        """Note that what was exported is fetched once more."""
        handover = self.browse(attachment.res_id)
        is_ours = attachment.res_model == self._name
        if is_ours and attachment in handover.export_ids.attachment_id:
            handover._log_export("download", attachment)

    @api.model
    def _log_fetched(self, attachment):
        """Note who fetched what was exported without pressing our buttons."""
        # sudo: every download is logged, whoever may see the log
        if not self.env["gym.agency.export"]._just_logged(attachment):
            self.sudo()._log_download(attachment)

    def _export_figures(self, attachment):
        """Return what is in a content: as logged when it was made, else as of now."""
        made = self.export_ids.filtered(lambda one: one.attachment_id == attachment)
        if made:
            return {"line_count": made[0].line_count, "amount": made[0].amount}
        lines = self._lines_at_agency()
        return {
            "line_count": len(lines),
            "amount": sum(lines.mapped("amount_company")),
        }
