from odoo import fields, models


class GymListReport(models.AbstractModel):
    """A list of debtors that somebody takes out of the house.

    The file hangs on the dialog and goes with it, as Odoo clears dialogs. A dialog has
    `company_id`, `date`, `file_format`, `_file_name()` and `_figures()`.
    """

    _name = "gym.list.report"
    _description = "List of Debtors"

    _log_kind = None  # what a log calls the list

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
