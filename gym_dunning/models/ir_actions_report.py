from odoo import models


class IrActionsReport(models.Model):
    """Print letters without the pause for scripts that they do not have."""

    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        # EXTENDS base: every call waits a second for JavaScript, by a system
        # parameter that holds for all reports of the database
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("gym_letter") and "--javascript-delay" in arguments:
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments
