import random
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command

from .gym_demo_people import FORMER, FORMER_IBANS

MONTHS = 14
# Days ago of the last run, before those that the rest of the demo makes, and from one
# run to the one before it.
LAST_RUN = 42
RUN_DAYS = 28
# The day of the month of the invoices, and days until they are due: at its end they are
# open, and not due yet.
INVOICED = 22
TERM = 14
# One in so many is for a year.
YEARLY = 8
# The last months have fewer: whoever left has no invoice any more.
LEAVING = {1: 12, 2: 20, 3: 28}
# Of each centre: which share pays late, and how much likelier than elsewhere those pay
# when they are reminded.
LATE = (0.26, 0.42)
READY = (0.08, -0.07)
# Which share of the money comes in after which level, and how many days later; which of
# those who pay pay half of it, and which of the others get a credit note.
PAYING = (0.72, 0.48, 0.24)
DAYS = (3, 6, 9, 16)
PART = 0.1
CREDITED = 0.05
# Days after the last reminder on which what is left is written off.
WRITE_OFF = 30
# Runs before the last one in which something else happened, too.
TAKEN_BACK, COLLECTED = 6, 1
COSTS = {
    "dunning_cost_print": 1.35,
    "dunning_cost_email": 0.02,
    "dunning_cost_booking": 0.12,
}


class GymDemo(models.AbstractModel):
    """Fourteen months of members who left since, for the figures to tell something.

    They are members of their own and owe nothing by now: what waits to be done today is
    what it was without them.
    """

    _inherit = "gym.demo"

    @api.model
    def _make_history(self, holding):
        """Invoice the former members, remind who was late, and let all of it be settled.

        :return: what was made, as text
        """
        self._set_up_debits(holding)
        self.env.companies.write(COSTS)
        luck, tally = random.Random(14), defaultdict(lambda: (0.0, 0.0))
        members = self._make_former_members()
        active = members[:1].client_status_id
        months = list(range(MONTHS, 0, -1))
        runs = self.env["gym.dunning.run"]
        for number in reversed(range(self._history_runs())):
            day = self._days_ago(LAST_RUN + number * RUN_DAYS)
            while months and self._month(months[0]) + timedelta(days=TERM) < day:
                self._invoice_month(members, months.pop(0), luck, True)
            run = self._run(holding, day)
            self._answer_run(run, number, luck, tally)
            members.client_status_id = active  # who has paid is reminded again
            runs |= run
        for month in months:
            self._invoice_month(members, month, luck)
        self._end_history(members)
        members.member_status_id = self.env.ref("gym_dunning.member_status_former")
        return self.env._(
            "History: %(months)s months, %(count)s reminders; menu Gym Dunning >"
            " Reporting",
            months=MONTHS,
            count=len(runs.reminder_ids),
        )

    @api.model
    def _history_runs(self):
        """Return how many runs there are, the first after the first month."""
        first = self._month(MONTHS) + timedelta(days=TERM + RUN_DAYS)
        return (self._days_ago(LAST_RUN) - first).days // RUN_DAYS + 1

    @api.model
    def _month(self, ago):
        today = fields.Date.context_today(self)
        return today - relativedelta(months=ago, day=INVOICED)

    def _end_history(self, members):
        """Settle what is left, so that they owe nothing."""
        day = self._days_ago(10)
        debts = self.env["account.move.line"].search(
            [
                ("partner_id", "in", members.ids),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        for centre, mine in debts.grouped("company_id").items():
            self._write_off(centre, day, mine.move_id)

    def _make_former_members(self):
        installed = {code for code, __ in self.env["res.lang"].get_installed()}
        languages = [code for code in ("de_DE", "en_US", "fr_FR") if code in installed]
        vals_list = [
            {
                "name": name,
                "street": f"Rosenweg {number + 1}",
                "zip": "79098",
                "city": "Freiburg",
                "country_id": self.env.ref("base.de").id,
                "email": f"former{number}@members.example" if number % 3 else False,
                "lang": languages[number % len(languages)],
                "birthdate_date": self._years_ago(19 + 7 * number % 50),
                "member_status_id": self.env.ref("gym_dunning.member_status_active").id,
            }
            for number, name in enumerate(FORMER)
        ]
        return self.env["res.partner"].create(vals_list)

    # === INVOICES === #

    def _invoice_month(self, members, month, luck, is_reminded=False):
        """Invoice a month; most pay in time, and all of whom no run would remind."""
        product = self._membership()
        day = self._month(month)
        centres = self.env.companies.filtered("parent_id")
        for position, centre in enumerate(centres):
            mine = members[: LEAVING.get(month, len(members))][position :: len(centres)]
            moves = self.env["account.move"].with_company(centre)
            moves = moves.create(
                [
                    self._prepare_month_vals(member, day, number + month, product)
                    for number, member in enumerate(mine)
                ]
            )
            moves._post(soft=False)
            if month == 1:
                self._transfer(centre, self._days_ago(2), moves)
                continue
            late = luck.sample(moves.ids, round(LATE[position] * len(moves)))
            in_time = moves - moves.browse(late if is_reminded else ())
            self._receive(centre, day + timedelta(days=TERM - 2), in_time)

    def _prepare_month_vals(self, member, day, turn, product):
        """A month's fee; some pay for a year at once."""
        price = 49.0 + 10 * (turn % 5) if turn % YEARLY else 588.0
        return {
            "move_type": "out_invoice",
            "partner_id": member.id,
            "invoice_date": day,
            "invoice_payment_term_id": False,
            "invoice_date_due": day + timedelta(days=TERM),
            "invoice_line_ids": [
                Command.create({"product_id": product.id, "price_unit": price})
            ],
        }

    # === WHAT CAME OF A RUN === #

    def _answer_run(self, run, number, luck, tally):
        """Deliver the letters of a run, and let members pay, or not.

        :param number: how many runs come after it, before those of today
        :param tally: see `_pays`
        """
        self._deliver_history(run.reminder_ids)
        waiting = run.reminder_ids
        if number == TAKEN_BACK:
            waiting -= self._take_back(run)
        if number == COLLECTED:
            waiting -= self._collect_history(run)
        answers = defaultdict(self.env["gym.dunning.reminder"].browse)
        for reminder in waiting:
            way, days = self._choose_answer(reminder, luck, tally)
            if way == "receive" and number == 0:
                way = "transfer"  # the bank's files are imported since last month
            day = min(reminder.date + timedelta(days=days), self._days_ago(3))
            answers[way, reminder.company_id, day] |= reminder
        for (way, centre, day), reminders in answers.items():
            documents = reminders.line_ids.move_line_id.move_id
            getattr(self, f"_{way}")(centre, day, documents | reminders.fee_move_id)

    def _deliver_history(self, reminders):
        """Note who got an e-mail and who a letter; nothing is sent for it."""
        ways = reminders.grouped(lambda one: one._choose_channel())
        for channel, mine in ways.items():
            mine.delivery_channel = channel
            mine._mark_delivered("printed" if channel == "print" else "sent")

    def _choose_answer(self, reminder, luck, tally):
        """Return in which way it is settled and after how many days."""
        days = luck.choice(DAYS)
        if self._pays(reminder, tally):
            return ("receive_part" if luck.random() < PART else "receive"), days
        if luck.random() < CREDITED:
            return "credit_rest", days
        return ("write_off", WRITE_OFF) if reminder.is_last_level else ("wait", 0)

    def _pays(self, reminder, tally):
        """Tell whether this one pays, so that of each level and centre its share comes
        in: a few members are too few to leave that to luck.

        :param tally: what was demanded and paid so far, by level and centre
        """
        centres = self.env.companies.filtered("parent_id").ids
        centre = centres.index(reminder.company_id.id)
        level = reminder.level_id.policy_id.level_ids.ids.index(reminder.level_id.id)
        demanded, paid = tally[level, centre]
        demanded += reminder.amount_open
        share = PAYING[level] + READY[centre]
        is_paid = paid + reminder.amount_open / 2 <= share * demanded
        tally[level, centre] = demanded, paid + reminder.amount_open * is_paid
        return is_paid

    def _debts(self, moves):
        lines = self.env["gym.invoicing"]._receivable(moves)
        return lines.filtered(lambda line: not line.reconciled)

    def _wait(self, centre, day, moves):
        """Nobody pays before the next run."""

    def _receive(self, centre, day, moves, share=1.0):
        """Book what came in at the bank on a day for these documents."""
        bank = self._history_journal("bank")
        self._settle(centre, day, moves, bank, bank.default_account_id, share)

    def _receive_part(self, centre, day, moves):
        self._receive(centre, day, moves, share=0.5)

    def _transfer(self, centre, day, moves):
        """The same, by a file of the bank that names the documents."""
        payments = [
            (
                member.name,
                "",
                " ".join(mine.mapped("name")),
                sum(mine.mapped("amount_residual")),
                day,
            )
            for member, mine in moves.grouped("partner_id").items()
        ]
        self._import_bank_file(f"camt054-{centre.id}-{day}", payments)

    def _write_off(self, centre, day, moves):
        expense = self.env["account.account"].search(
            [("account_type", "=", "expense")], limit=1
        )
        self._settle(centre, day, moves, self._history_journal("general"), expense)

    def _history_journal(self, kind):
        return self.env["account.journal"].search(
            [("type", "=", kind), ("company_id", "in", self.env.companies.ids)], limit=1
        )

    def _settle(self, centre, day, moves, journal, account, share=1.0):
        """Book one entry for all, with a line that settles each debt."""
        currency = centre.currency_id
        # of a cent nobody pays half
        debts = self._debts(moves).filtered(
            lambda debt: currency.round(debt.amount_residual * share) > 0
        )
        if not debts:
            return
        amounts = [currency.round(debt.amount_residual * share) for debt in debts]
        lines = [
            {
                "account_id": debt.account_id.id,
                "partner_id": debt.partner_id.id,
                "name": debt.move_name,
                "credit": amount,
            }
            for debt, amount in zip(debts, amounts, strict=True)
        ]
        lines.append({"account_id": account.id, "debit": sum(amounts)})
        entry = self.env["account.move"].with_company(centre)
        entry = entry.create(
            {
                "company_id": centre.id,
                "journal_id": journal.id,
                "date": day,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        entry._post(soft=False)
        paid = entry.line_ids.filtered("credit")
        self.env["account.move.line"]._reconcile_plan(
            [debt | line for debt, line in zip(debts, paid, strict=True)]
        )

    def _credit_rest(self, centre, day, moves):
        """A credit note of all that is left: goodwill, or a mistake of the gym. Each of
        these documents has one line."""
        for move in moves.filtered("amount_residual"):
            note = move._reverse_moves([{"invoice_date": day, "date": day}])
            note.invoice_line_ids.price_unit = move.amount_residual
            note._post(soft=False)
            (self._debts(move) | self._debts(note)).reconcile()

    # === WHAT HAPPENED ONCE === #

    def _take_back(self, run):
        """Let a member pay after the first reminder, and the bank take it back."""
        reminder = run.reminder_ids.filtered(lambda one: not one.fee_move_id)[:1]
        invoice = reminder.line_ids.move_line_id.move_id[:1]
        self._pay(invoice, invoice.amount_residual, run.date + timedelta(days=5))
        paid = self.env["gym.invoicing"]._receivable(invoice)
        entry = paid.matched_credit_ids.credit_move_id.move_id
        paid.remove_move_reconcile()
        entry._reverse_moves([{"date": run.date + timedelta(days=12)}], cancel=True)
        return reminder

    def _collect_history(self, run):
        """Let some sign a mandate after the first reminder, and the bank collect.

        :return: their reminders
        """
        holding = run.company_id
        reminders = run.reminder_ids.filtered(lambda one: not one.fee_move_id)
        reminders = reminders[: len(FORMER_IBANS)]
        for reminder, iban in zip(reminders, FORMER_IBANS, strict=False):
            self._sign_mandate(holding, reminder.partner_id, iban)
        self._collect_items(reminders.line_ids.move_line_id, run.date)
        return reminders
