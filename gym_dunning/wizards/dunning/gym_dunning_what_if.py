from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from ...models.dunning.gym_dunning_trial import LEVEL_FIELDS, SUMS

FIGURES = "gym_dunning.what_if_figures"
REPLAY = "gym_dunning.what_if_replay"
# A row of the table is left out where nobody claims such a thing.
RARE = ("interest", "charges")
COUNTS = ("letters", "paid", "sent", "sent_paid")


class GymDunningWhatIf(models.TransientModel):
    """What a policy would do with other numbers: today, and in the last months.

    Nothing but the dialog itself is stored, see `gym.dunning.trial`.
    """

    _name = "gym.dunning.what.if"
    _description = "Try a Policy"
    _inherit = ["gym.dialog", "gym.dunning.filters"]

    policy_id = fields.Many2one(
        "gym.dunning.policy", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(
        required=True,
        readonly=True,
        default=fields.Date.context_today,
        help="Today in the centre.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Centres",
        compute="_compute_company_ids",
        help="Those that follow the policy and are ticked in the company menu.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_company_ids")
    payment_days = fields.Integer(
        help="From the reminder's date to its deadline. Only the replay tells: letters"
        " that are out keep the deadline that they were sent with.",
    )
    line_ids = fields.One2many(
        "gym.dunning.what.if.line", "what_if_id", string="Levels"
    )
    # what was found, each with the numbers that it was found for
    figures = fields.Json(readonly=True)
    replay = fields.Json(readonly=True)
    figures_table = fields.Html(compute="_compute_figures_table", sanitize=False)
    replay_table = fields.Html(compute="_compute_replay_table", sanitize=False)
    may_take_over = fields.Boolean(compute="_compute_may_take_over")

    # === COMPUTES === #

    @api.depends("policy_id")
    @api.depends_context("allowed_company_ids")
    def _compute_company_ids(self):
        for trial in self:
            policy = trial.policy_id
            trial.company_ids = policy._covered(self.env.companies)
            own = policy.company_id & trial.company_ids
            trial.currency_id = (own or trial.company_ids)[:1].currency_id

    @api.depends("policy_id")
    @api.depends_context("uid")
    def _compute_may_take_over(self):
        for trial in self:
            trial.may_take_over = trial.policy_id.has_access("write")

    @api.model
    def _number_names(self):
        """Return the names of the fields with the numbers tried."""
        return [*self._filter_names(), *(f"line_ids.{name}" for name in LEVEL_FIELDS)]

    @api.depends(lambda self: ["figures", *self._number_names()])
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_figures_table(self):
        for trial in self:
            trial.figures_table = trial._is_found(trial.figures) and self.env[
                "ir.qweb"
            ]._render(FIGURES, trial._figure_values())

    @api.depends(lambda self: ["replay", *self._number_names()])
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_replay_table(self):
        for trial in self:
            trial.replay_table = trial._is_found(trial.replay) and self.env[
                "ir.qweb"
            ]._render(REPLAY, trial._replay_values())

    # === NUMBERS === #

    @api.constrains(lambda self: self._filter_names())
    def _check_not_negative(self):
        for trial in self:
            if min(trial[name] for name in self._filter_names()) < 0:
                raise ValidationError(
                    self.env._(
                        "Days and balances cannot be negative. Enter 0 for no limit."
                    )
                )

    def _levels(self):
        """Return the numbers tried of each level of the policy."""
        lines = self.line_ids.filtered(
            lambda line: line.level_id.policy_id == self.policy_id
        )
        return {line.level_id._origin: line._numbers() for line in lines}

    def _numbers(self):
        """Return all numbers tried and the centres, as they are kept with what was
        found for them."""
        levels = {str(level.id): numbers for level, numbers in self._levels().items()}
        return {
            "filters": self._filters(),
            "levels": levels,
            "centres": self.company_ids.ids,
        }

    def _is_found(self, found):
        """Tell whether this was found for the numbers that stand in the dialog."""
        return bool(found) and found["numbers"] == self._numbers()

    # === ACTIONS === #

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try It: %s", self.policy_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_compare(self):
        """Find what a run of today would propose by the policy and by these numbers.

        :return: the action that shows it in the dialog
        :raise UserError: the policy is not complete, as for a run
        """
        self.ensure_one()
        self.figures = {
            "numbers": self._numbers(),
            "today": self._evaluated({}, {}),
            "tried": self._evaluated(self._filters(), self._levels()),
        }
        return self._action_open()

    def _evaluated(self, filters, levels):
        policy = self.policy_id
        given = {name: policy[name] for name in self._filter_names()} | filters
        return self.env["gym.dunning.trial"]._figures(
            policy, self.company_ids, self.date, given, levels, self.currency_id
        )

    def action_replay(self):
        """Find what runs of the last months would have sent by these numbers.

        :return: the action that shows it in the dialog
        :raise UserError: the policy is not complete, as for a run
        """
        self.ensure_one()
        rows = self.env["gym.dunning.replay"]._replay(
            self.policy_id,
            self.company_ids,
            self.date,
            self._filters(),
            self._levels(),
        )
        for row in rows:
            row["month"] = fields.Date.to_string(row["month"])
        self.replay = {"numbers": self._numbers(), "rows": rows}
        return self._action_open()

    def action_take_over(self):
        """Write these numbers into the policy; runs that wait keep their own.

        :return: the action that closes the dialog
        :raise AccessError: the user may not change the policy
        """
        self.ensure_one()
        self._write_changes(self.policy_id, self._filters())
        for level, numbers in self._levels().items():
            self._write_changes(level, numbers)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _write_changes(self, record, numbers):
        record.check_access("write")
        old = record.read(list(numbers), load=None)[0]
        if new := {name: it for name, it in numbers.items() if it != old[name]}:
            record.write(new)

    # === TABLE OF TODAY === #

    def _figure_values(self):
        """Return the rows of the table, and what is told besides."""
        today, tried = self.figures["today"], self.figures["tried"]
        sections = {
            self.env._("Asked for by Level"): self._level_rows("asked", today, tried),
            self.env._("Items Left Out"): self._excluded_rows(today, tried),
        }
        return {
            "rows": self._total_rows(today, tried),
            "sections": [
                {"title": title, "rows": rows}
                for title, rows in sections.items()
                if rows
            ],
            "waiting": "in_other_run" in today["excluded"] | tried["excluded"],
        }

    def _total_rows(self, today, tried):
        labels = {
            "members": self.env._("Members"),
            "asked": self.env._("Asked For"),
            "fees": self.env._("Fees"),
            "interest": self.env._("Interest"),
            "charges": self.env._("Bank Charges"),
            "blocked": self.env._("Members to Block"),
        }
        before, after = _totals(today), _totals(tried)
        letters = before["letters"], after["letters"]
        return [
            self._row(self.env._("Letters"), "letters", *letters),
            *self._level_rows("letters", today, tried, style="ps-4"),
            *(
                self._row(label, name, before[name], after[name])
                for name, label in labels.items()
                if name not in RARE or before[name] or after[name]
            ),
        ]

    def _level_rows(self, name, today, tried, style=""):
        before = {row["level_id"]: row[name] for row in today["levels"]}
        after = {row["level_id"]: row[name] for row in tried["levels"]}
        return [
            self._row(
                level.name, name, before.get(level.id, 0), after.get(level.id, 0), style
            )
            for level in self.policy_id.level_ids
        ]

    def _excluded_rows(self, today, tried):
        reasons = self.env["gym.dunning.exclusion"]._fields["reason"]
        before, after = today["excluded"], tried["excluded"]
        return [
            self._row(label, "items", before.get(reason, 0), after.get(reason, 0))
            for reason, label in reasons._description_selection(self.env)
            if reason in before or reason in after
        ]

    def _row(self, label, name, today, tried, style=""):
        """Return a row of the table, in words.

        :param style: the class of its label
        """
        in_words = self.currency_id.format if name in SUMS else self._count_in_words
        difference = tried - today
        if name in SUMS:
            difference = self.currency_id.round(difference)
        sign = "+" if difference > 0 else "\N{MINUS SIGN}" if difference else ""
        return {
            "label": label,
            "class": style,
            "today": in_words(today),
            "tried": in_words(tried),
            "difference": sign + in_words(abs(difference)),
            "is_same": not difference,
        }

    def _count_in_words(self, count):
        return formatLang(self.env, count, digits=0)

    # === TABLE OF THE REPLAY === #

    def _replay_values(self):
        rows = self.replay["rows"]
        return {
            "summary": self._replay_summary(self._sum_row("", rows)),
            "months": [
                self._sum_row(self._month_in_words(month), of_month)
                | {"levels": [self._sum_row(*it) for it in self._by_level(of_month)]}
                for month, of_month in _grouped(rows, "month")
            ],
        }

    def _replay_summary(self, total):
        days = self.env["gym.dunning.replay"]._days(self.date)
        return self.env._(
            "Letters that these numbers would have sent from %(first)s to %(last)s:"
            " %(letters)s. Of them to members who paid within two days: %(paid)s. Really"
            " sent by this policy: %(sent)s, of them to members who paid within two"
            " days: %(sent_paid)s.",
            first=format_date(self.env, days[0]),
            last=format_date(self.env, days[-1]),
            **{name: Markup("<b>%s</b>") % total[name] for name in COUNTS},
        )

    def _month_in_words(self, month):
        return format_date(self.env, month, date_format="LLLL yyyy")

    def _by_level(self, rows):
        """Yield (name of the level, its rows)."""
        names = dict(enumerate(self.policy_id.level_ids.mapped("name"), start=1))
        for number, of_level in _grouped(rows, "number"):
            yield names.get(number, str(number)), of_level

    def _sum_row(self, label, rows):
        return {"label": label} | {
            name: self._count_in_words(sum(row[name] for row in rows))
            for name in COUNTS
        }


def _totals(figures):
    """Return what is told of all levels together, by name."""
    sums = {
        name: sum(row[name] for row in figures["levels"]) for name in ("letters", *SUMS)
    }
    return sums | {name: figures[name] for name in ("members", "blocked")}


def _grouped(rows, name):
    """Return (value, rows) of each value of a key, in the order of the values."""
    values = sorted({row[name] for row in rows})
    return [(value, [row for row in rows if row[name] == value]) for value in values]
