from odoo import api, fields, models
from odoo.tools import SQL, format_date

EXCLUSION_REASONS = [
    ("no_policy", "Under Another Policy"),
    ("inactive", "Not Activated"),
    ("before_start", "Due before the Start"),
    ("disputed", "Disputed"),
    ("promise", "Promise to Pay"),
    ("agency", "At the Agency"),
    ("online", "Online Payment under Way"),
    ("debit", "Direct Debit under Way"),
    ("manual", "Held by Hand"),
    ("answer", "Answered"),
    ("no_followup", "No Follow-Up"),
    ("below_invoice_minimum", "Below the Minimum per Invoice"),
    ("last_level", "After the Last Level"),
    ("window_not_reached", "Too Early for the Next Level"),
    ("deadline_running", "Deadline Running"),
    ("not_delivered", "Last Reminder Not Delivered"),
    ("in_other_run", "In Another Estimate"),
    ("maybe_paid", "May Have Paid"),
    ("in_credit", "In Credit"),
    ("below_minimum", "Below the Minimum Balance"),
    ("at_agency", "Client at the Agency"),
    ("client_paused", "Client Paused"),
    ("minor", "Minor without Guardian"),
    ("no_address", "No Address"),
    ("paid", "Paid since the Estimate"),
    ("changed", "Changed Hands since the Estimate"),
    ("by_hand", "Left Out by Hand"),
]


class GymDunningExclusion(models.Model):
    """An overdue item that a run did not remind, and why."""

    _name = "gym.dunning.exclusion"
    _description = "Exclusion from a Run"
    _order = "run_id desc, partner_id, id"
    _rec_name = "partner_id"
    _log_access = False  # as many rows as open items; the run knows who and when

    run_id = fields.Many2one(
        "gym.dunning.run", required=True, ondelete="cascade", index=True
    )
    date = fields.Date(related="run_id.date")
    company_id = fields.Many2one("res.company", string="Centre")
    partner_id = fields.Many2one(
        "res.partner", string="Member", ondelete="cascade", index=True
    )
    member_id = fields.Many2one("res.partner", string="About", ondelete="set null")
    move_line_id = fields.Many2one(
        "account.move.line", string="Open Item", ondelete="set null"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(string="Open")
    reason = fields.Selection(EXCLUSION_REASONS, required=True)
    explanation = fields.Char(compute="_compute_explanation")

    _item_idx = models.Index("(move_line_id)")

    def _init_column(self, column_name):
        # EXTENDS base: earlier rows were all about their debtor
        if column_name != "member_id":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL("UPDATE gym_dunning_exclusion SET member_id = partner_id")
        )
        return None

    @api.depends("reason")
    def _compute_explanation(self):
        # a list shows hundreds of rows of one run, and few reasons
        for date, rows in self.grouped(lambda row: row.run_id.date).items():
            texts = self._explain_items(date) | self._explain_letters()
            for row in rows:
                row.explanation = texts[row.reason]

    def _explain_items(self, date):
        """Sentences for what the item itself says, and what would change it."""
        return {
            "no_policy": self.env._(
                "The member or centre follows another reminder policy than the run's."
            ),
            "inactive": self.env._(
                "Reminders are not activated for this centre, journal and payment"
                " method."
            ),
            "before_start": self.env._(
                "Due before the day from which reminders were activated here."
            ),
            "disputed": self.env._("The item is disputed; release it to continue."),
            "promise": self.env._(
                "The member promised to pay, and the promise runs. End it in the"
                " collection case, or take the decision back under Answers."
            ),
            "agency": self.env._("The item was handed over to the agency."),
            "online": self.env._(
                "The member is paying online, and the payment is not confirmed yet."
            ),
            "debit": self.env._("A direct debit of this item is under way."),
            "manual": self.env._(
                "Somebody held the item back; release it to continue."
            ),
            "answer": self.env._(
                "The member answered the last reminder: decide under Answers, or take"
                " the decision back there."
            ),
            "no_followup": self.env._(
                "The journal item is marked No Follow-Up in the accounts. Odoo marks"
                " entries of general journals so by itself, opening entries too: untick"
                " it on the journal item to have it reminded."
            ),
            "below_invoice_minimum": self.env._(
                "The open amount is below the minimum per invoice of the run."
            ),
            "last_level": self.env._(
                "All levels were sent; the item is ready for collection."
            ),
            "window_not_reached": self.env._(
                "The item is not late enough yet for its next level."
            ),
            "deadline_running": self.env._(
                "The deadline of the last reminder had not passed on %s.",
                format_date(self.env, date),
            ),
            "not_delivered": self.env._(
                "The last reminder did not reach the member: print or send it first."
            ),
            "in_other_run": self.env._(
                "The item is in the estimate of another run: generate or discard that "
                "one first."
            ),
        }

    def _explain_letters(self):
        """Sentences for what sums, debtor or somebody say."""
        return {
            "in_credit": self.env._(
                "Payments and credit notes not yet allocated cover what is late."
            ),
            "below_minimum": self.env._(
                "The member owes less than the minimum balance of run or level."
            ),
            "at_agency": self.env._(
                "The client status of member or debtor says: at the agency."
            ),
            "client_paused": self.env._(
                "The client status of member or debtor stops reminders."
            ),
            "minor": self.env._("The member is a minor: enter a legal guardian."),
            "no_address": self.env._(
                "Neither e-mail nor postal address is known for the addressee."
            ),
            "paid": self.env._("Fully paid by the time the run was generated."),
            "changed": self.env._(
                "Since the estimate, the debtor or the member of this item has "
                "changed. The next run writes to the right person."
            ),
            "maybe_paid": self.env._(
                "Money that nobody has assigned yet may be theirs, so they were not"
                " reminded at once. The next automatic run decides."
            ),
            "by_hand": self.env._("Taken out of the estimate by hand."),
        }

    def action_take_back(self):
        """Put members left out by hand back into the estimate."""
        by_hand = self.filtered(lambda exclusion: exclusion.reason == "by_hand")
        for run in by_hand.run_id:
            mine = by_hand.filtered(lambda exclusion, run=run: exclusion.run_id == run)
            run._check_state("estimated")
            run._estimate_again(mine)
