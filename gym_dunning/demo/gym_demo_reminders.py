from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_date


class GymDemo(models.AbstractModel):
    """The demo gym's reminders, and what happened in words."""

    _inherit = "gym.demo"

    def _run_reminders(self, holding):
        """Two earlier runs, delivered, and the run of this week with its letters."""
        today = fields.Date.context_today(self)
        for days in (28, 14):
            run = self._run(holding, today - relativedelta(days=days))
            run.reminder_ids._mark_delivered("printed")
        run = self._run(holding, today)
        printing = run.action_print()
        dialog = self.env["gym.dunning.print"].browse(printing["res_id"])
        dialog.action_print()
        dialog.action_confirm()
        return self._report(run)

    def _run(self, holding, date):
        wizard = self.env["gym.dunning.generate"].create(
            {"company_id": holding.id, "date": date}
        )
        wizard.action_continue()
        run = wizard.run_id
        run.action_generate()
        run.process_id._work_now()  # the demo waits for its worker
        return run

    def _report(self, run):
        lines = [
            self.env._(
                "Run %(run)s of %(date)s",
                run=run.name,
                date=format_date(self.env, run.date),
            ),
            self.env._("Reminders issued: %s", run.issued_count),
        ]
        for summary in run.summary_ids:
            lines.append(
                self.env._(
                    "  %(level)s: %(count)s, %(total)s (fees %(fees)s)",
                    level=summary.level_id.name,
                    count=summary.reminder_count,
                    total=summary.currency_id.format(summary.amount_total),
                    fees=summary.currency_id.format(summary.amount_fee),
                )
            )
        lines.append(self.env._("Left out: %s items", run.exclusion_count))
        lines += self._report_exclusions(run)
        lines += self._report_documents(run)
        return "\n".join(lines)

    def _report_exclusions(self, run):
        reasons = dict(
            run.exclusion_ids._fields["reason"]._description_selection(self.env)
        )
        rows = self.env["gym.dunning.exclusion"]._read_group(
            [("run_id", "=", run.id)], ["reason"], ["__count"]
        )
        return [f"  {reasons[reason]}: {count}" for reason, count in rows]

    def _report_documents(self, run):
        documents = self.env["ir.attachment"].search(
            [("res_model", "=", run._name), ("res_id", "=", run.id)]
        )
        for document in documents:
            path = document._full_path(document.store_fname)
            yield self.env._(
                "Letters: %(name)s, menu Reminders > Documents > Letters; file %(path)s",
                name=document.name,
                path=path,
            )
