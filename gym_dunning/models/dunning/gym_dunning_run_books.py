from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...exceptions import NothingToDo

# Who was asked about old books, and goes on all the same.
ASKED = "gym_books_asked"


class GymDunningRun(models.Model):
    """How old the books are on which a run decides, and what of the money that came in
    is nobody's yet. It is looked at when the estimate is read, and again when it is
    generated: days may lie between."""

    _inherit = "gym.dunning.run"

    books_head = fields.Char(compute="_compute_books")
    is_books_old = fields.Boolean(compute="_compute_books")
    unassigned_count = fields.Integer(
        string="Receipts Not Assigned", compute="_compute_unassigned"
    )
    unassigned_statement_count = fields.Integer(
        string="On Bank Statements", compute="_compute_unassigned"
    )
    maybe_paid_count = fields.Integer(
        string="Reminders Perhaps Paid", compute="_compute_maybe_paid_count"
    )

    # === THE HEAD OF AN ESTIMATE === #
    # Of what is generated it would be about a day that is over.

    def _books_companies(self):
        """Return the centres whose money is waited for."""
        return self.policy_id._covered(self.company_ids)

    @api.depends("state", "company_ids", "policy_id.books_max_age")
    @api.depends_context("dunning_date", "lang")
    def _compute_books(self):
        for run in self:
            banks = run.state == "estimated" and self.env["gym.bank.books"]._banks(
                run._books_companies()
            )
            run.books_head = bool(banks) and run._books_head_of(banks)
            run.is_books_old = bool(banks) and bool(run._old_banks())

    def _books_head_of(self, banks):
        """Say how far the bank is known; of several banks, the one known least far."""
        oldest = banks[0]
        name = self.env._("Bank") if len(banks) == 1 else oldest.journal.name
        values = {"bank": name, "day": format_date(self.env, oldest.day)}
        if oldest.days_old == 0:
            return self.env._("%(bank)s: %(day)s (today)", **values)
        if oldest.days_old == 1:
            return self.env._("%(bank)s: %(day)s (1 day old)", **values)
        return self.env._(
            "%(bank)s: %(day)s (%(days)s days old)", days=oldest.days_old, **values
        )

    @api.depends("state", "company_ids")
    @api.depends_context("dunning_date")
    def _compute_unassigned(self):
        for run in self:
            companies = run._books_companies()
            is_asked = run.state == "estimated" and companies
            count = is_asked and self.env["gym.bank.books"]._count_waiting(companies)
            run.unassigned_count = count and count.total()
            run.unassigned_statement_count = count and count["statement"]

    @api.depends("state", "reminder_ids")
    @api.depends_context("dunning_date")
    def _compute_maybe_paid_count(self):
        reminders = self.env["gym.dunning.reminder"]
        for run in self:
            is_asked = run.state == "estimated"
            run.maybe_paid_count = is_asked and reminders.search_count(
                run._maybe_paid_domain()
            )

    def _maybe_paid_domain(self):
        return self._proposed_domain() & Domain("is_maybe_paid", "=", True)

    # === ACTIONS === #

    def action_open_unassigned(self):
        """List the money that waits to be assigned."""
        self.ensure_one()
        action = self.env["gym.bank.books"]._waiting_action(self._books_companies())
        return self._helped(action)

    def action_open_unassigned_statements(self):
        """List the lines of bank statements that wait."""
        self.ensure_one()
        action = self.env["gym.bank.books"]._statement_action(self._books_companies())
        return self._helped(action)

    def _helped(self, action):
        text = self.env._(
            "What is counted but not shown came in at a bank of a company that you do"
            " not work for: somebody assigns it there."
        )
        title = self.env._("Nothing for you to assign")
        return dict(action, help=self._empty_help(title, text))

    def action_open_maybe_paid(self):
        """List the reminders of members who may have paid."""
        action = self._reminders_action(
            [("is_maybe_paid", "=", True)],
            self.env._("Nobody is left who may have paid"),
            self.env._("What came in was assigned, or they were left out."),
        )
        return dict(action, context=action["context"] | {"gym_maybe_paid": True})

    def action_exclude_maybe_paid(self):
        """Leave everybody out who may have paid.

        :raise NothingToDo: what came in was assigned meanwhile
        """
        self.ensure_one()
        self._check_state("estimated")
        reminders = self.env["gym.dunning.reminder"].search(self._maybe_paid_domain())
        if not reminders:
            raise NothingToDo(
                self.env._("What came in was assigned meanwhile. Nobody is left out.")
            )
        reminders.action_exclude()

    # === GENERATION === #

    def _old_banks(self):
        return self.policy_id._old_banks(self._books_companies())

    def action_generate(self):
        """Do what the estimate proposes, in the background.

        :return: see `gym.run.base`; where the policy wants it and the books are old,
            the dialog that asks, and nothing is done
        """
        # EXTENDS gym.run.base
        self.ensure_one()
        if self.state == "estimated" and self._asks_about_books():
            return self.env["gym.dunning.old.books"]._ask(self)
        return super().action_generate()

    def _asks_about_books(self):
        """Tell whether a person has to decide over old books."""
        return (
            self.policy_id.books_old == "ask"
            and not self.is_automatic
            and not self.env.context.get(ASKED)
            and bool(self._old_banks())
        )

    def _check_generate(self):
        # EXTENDS base: asked at the last moment, and noted with who went on
        result = super()._check_generate()
        if banks := self._old_banks():
            self._check_old_books(banks)
            self._message_log(body=self._books_note(banks))
        return result

    def _check_old_books(self, banks):
        policy = self.policy_id
        if policy.books_old == "refuse":
            self._refuse_old_books(
                self.env._("The policy %s generates nothing then.", policy.name), banks
            )
        if policy.books_old == "ask" and self.is_automatic:
            self._refuse_old_books(
                self.env._(
                    "Nobody is there to be asked, so nothing was generated. The next"
                    " automatic run tries again; or generate the reminders by hand."
                ),
                banks,
            )

    def _refuse_old_books(self, sentence, banks):
        policies = self.env["gym.dunning.policy"]
        text = "\n".join(
            [
                policies._old_books_sentence(banks),
                sentence,
                policies._books_way_out(),
            ]
        )
        action = self.env["gym.bank.books"]._import_action()
        if not action:
            raise UserError(text)
        raise RedirectWarning(text, action["id"], self.env._("Import the Bank's File"))

    def _books_note(self, banks):
        """Say, for the history, on what books the run decides."""
        return Markup("<p>%s<br/>%s</p>") % (
            self.env._("Generated although the bank is not up to date."),
            self.env["gym.dunning.policy"]._old_books_sentence(banks),
        )

    def _books_remark(self):
        """Return what the report of an automatic run says of old books."""
        banks = self._old_banks()
        return self._books_note(banks) if banks else Markup()
