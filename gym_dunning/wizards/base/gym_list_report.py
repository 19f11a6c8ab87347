from odoo import fields, models
from odoo.exceptions import UserError


class GymListReport(models.AbstractModel):
    """A list of debtors that somebody takes out of the house.

    The file hangs on the dialog and goes with it, as Odoo clears dialogs. A dialog has
    `date`, `file_format` and what is left open below.
    """

    _name = "gym.list.report"
    _description = "List of Debtors"
    _inherit = ["gym.centre.wizard"]

    _log_kind = None  # what a log calls the list
    _pdf_report = None  # XML id of the report that prints it

    def action_export(self):
        """Return the download of the list in the chosen format.

        :raise UserError: there is nothing to list
        """
        self.ensure_one()
        listed = self._listed()
        if not listed:
            raise UserError(self._nothing_listed())
        if self.file_format == "pdf":
            report = self.env.ref(self._pdf_report)
            action = report.report_action(self, config=False)
            return action | {"close_on_report_download": True}
        return self._download(self._content(listed))

    def _listed(self):
        """Return the records that the list is about."""
        raise NotImplementedError

    def _nothing_listed(self):
        """Say that there is nothing to list, and why."""
        raise NotImplementedError

    def _content(self, listed):
        """Return the file in the chosen format."""
        raise NotImplementedError

    def _file_name(self):
        """Return the name of the file without its extension."""
        raise NotImplementedError

    def _figures(self):
        """Return how many members are in the list, and the sum in company currency."""
        raise NotImplementedError

    def _download(self, content):
        """Keep the content at the dialog and return its download."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self._file_name()}.{self.file_format}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._log_taken(attachment)
        return attachment._gym_download(close=True)

    def _log_taken(self, attachment):
        """Note who took which list; a room that keeps a log does."""

    def _log_printed(self):
        """Note that the list is printed: Odoo makes the PDF and keeps none."""

    def _dated_file_name(self, title):
        parts = [title, self.company_id.name, fields.Date.to_string(self.date)]
        return "_".join(parts).replace("/", "-").replace(" ", "-")
