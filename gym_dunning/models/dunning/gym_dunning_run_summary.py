from odoo import fields, models
from odoo.tools import SQL


class GymDunningRunSummary(models.Model):
    """The reminders of a run, counted and summed per level and currency."""

    _name = "gym.dunning.run.summary"
    _description = "Summary of a Run"
    _auto = False
    _order = "number, currency_id"
    _depends = {
        "gym.dunning.reminder": [
            "amount_charges",
            "amount_fee",
            "amount_interest",
            "amount_open",
            "amount_total",
            "currency_id",
            "delivery_state",
            "level_id",
            "run_id",
            "state",
        ],
        "gym.dunning.level": ["send_document"],
    }

    run_id = fields.Many2one("gym.dunning.run", readonly=True)
    company_id = fields.Many2one(related="run_id.company_id")
    level_id = fields.Many2one("gym.dunning.level", readonly=True)
    number = fields.Integer(string="Level Number", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    reminder_count = fields.Integer(string="Reminders", readonly=True)
    to_deliver_count = fields.Integer(string="To Deliver", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_credit = fields.Monetary(string="Credits", readonly=True)
    amount_fee = fields.Monetary(string="Fees", readonly=True)
    amount_interest = fields.Monetary(string="Interest", readonly=True)
    amount_charges = fields.Monetary(string="Bank Charges", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    send_document = fields.Boolean(related="level_id.send_document")
    run_state = fields.Selection(related="run_id.state")

    @property
    def _table_query(self):
        return SQL(
            """SELECT min(reminder.id) AS id, reminder.run_id, reminder.level_id,
                      level.number, reminder.currency_id,
                      count(*) AS reminder_count,
                      count(*) FILTER (
                          WHERE CASE reminder.state
                                WHEN 'proposed' THEN letter.send_document
                                WHEN 'issued' THEN reminder.delivery_state
                                     IN ('pending', 'failed') END
                      ) AS to_deliver_count,
                      sum(reminder.amount_open) AS amount_open,
                      sum(reminder.amount_credit) AS amount_credit,
                      sum(reminder.amount_fee) AS amount_fee,
                      sum(reminder.amount_interest) AS amount_interest,
                      sum(reminder.amount_charges) AS amount_charges,
                      sum(reminder.amount_total) AS amount_total
                 FROM gym_dunning_reminder reminder
                 JOIN gym_dunning_level letter ON letter.id = reminder.level_id
                 JOIN %s level ON level.id = reminder.level_id
                GROUP BY reminder.run_id, reminder.level_id, level.number,
                         reminder.currency_id""",
            self.env["gym.dunning.level"]._rank_sql(),
        )

    def action_print(self):
        """Print all letters of this level of the run."""
        self.ensure_one()
        return self.run_id.action_print(self.level_id)

    def action_open_reminders(self):
        """List the reminders of this level."""
        self.ensure_one()
        return self.run_id._reminders_action(
            [("level_id", "=", self.level_id.id)],
            self.env._("No reminder of this level is left"),
            self.env._("All were left out by hand, or taken over by a later run."),
        )
