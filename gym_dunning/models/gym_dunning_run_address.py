from markupsafe import Markup

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

TASK = "mail.mail_activity_data_todo"


class GymDunningRun(models.Model):
    """Whom no letter can reach becomes a task: an exclusion alone is read by nobody."""

    _inherit = "gym.dunning.run"

    def _plan_address_tasks(self):
        """Ask the responsible for the addresses that the run did not find: once for
        each person, until the task is done."""
        # sudo: the task is for somebody who may not be who generates
        unreachable = self._unreachable().sudo()
        for user, persons in unreachable.grouped(self._who_finds_addresses).items():
            env = self.with_context(lang=user.lang).env
            summary = env._("No address for reminders")
            same = Domain("summary", "=", summary)
            known = persons.activity_search([TASK], additional_domain=same)
            asked = persons.browse(known.mapped("res_id"))
            (persons - asked).with_context(
                mail_activity_quick_update=True
            ).activity_schedule(
                TASK,
                summary=summary,
                user_id=user.id,
                note=Markup("<p>%s</p>")
                % env._(
                    "Reminder run %s left this debt out: neither an e-mail address nor a"
                    " postal address is known for who gets the letter. Enter one here, or"
                    " on the guardian or payment contact.",
                    self.name,
                ),
            )

    def _unreachable(self):
        """Return to whom the letters left out for want of an address were."""
        items = self.exclusion_ids.filtered(lambda row: row.reason == "no_address")
        ids = items.move_line_id.ids
        if not ids:
            return self.env["res.partner"]
        ledger = self.env["gym.open.item"].with_context(dunning_date=self.date)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT COALESCE(item.invoiced_member_id, item.partner_id)
                     FROM (%s) item WHERE item.id IN %s""",
                ledger._table_query,
                tuple(ids),
            )
        )
        return self.env["res.partner"].browse(person_id for (person_id,) in rows)

    def _who_finds_addresses(self, person):
        """Return the person's debt manager, else who answers for the policy, else who
        made the run."""
        if person.debt_manager_id.active:
            return person.debt_manager_id
        if self.policy_id.sudo().responsible_id.active or self.is_automatic:
            return self.policy_id._responsible()
        return self.sudo().create_uid
