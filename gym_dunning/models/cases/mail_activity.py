from datetime import datetime, time

import pytz

from odoo import api, fields, models

CASE_MODEL = "gym.collection.case"
# What a job plans at night is for the day: a call at four would be out of sight.
OFFICE_HOURS = time(8), time(18)
MORNING = time(9)
# Of a case only the types that take part; of anything else what Odoo offers.
TYPE_DOMAIN = (
    "['|', ('res_model', '=', False), ('res_model', '=', res_model),"
    " ('collection_case', 'in', [True, res_model == 'gym.collection.case'])]"
)


class MailActivity(models.Model):
    """What an activity of a collection case says besides Odoo's own (G-57)."""

    _inherit = "mail.activity"

    activity_type_id = fields.Many2one(domain=TYPE_DOMAIN)
    date_start = fields.Datetime(
        string="Start", help="When it takes place; its day is the due date."
    )
    date_end = fields.Date(string="End", help="For a promise: until when it runs.")
    amount = fields.Monetary(
        help="The value of the case when the activity was entered."
    )
    case_amount = fields.Monetary(
        string="Case Value Now", compute="_compute_case_values"
    )
    contact_id = fields.Many2one(
        "res.partner", string="Spoken to", index="btree_not_null"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_case_values")

    @api.depends("res_model", "res_id")
    def _compute_case_values(self):
        of_cases = self.filtered(lambda activity: activity.res_model == CASE_MODEL)
        # sudo: what a case is worth is no secret to who reads its activity
        cases = self.env[CASE_MODEL].sudo().browse(of_cases.mapped("res_id"))
        for activity, case in zip(of_cases, cases, strict=True):
            activity.currency_id = case.currency_id
            activity.case_amount = case.amount_case
        (self - of_cases).update({"currency_id": False, "case_amount": 0.0})

    def _gym_case(self):
        """Return the case of an activity; empty when it is of something else."""
        # sudo: an activity is done by its user, who need not have rights on the case
        cases = self.env[CASE_MODEL].sudo()
        return cases.browse(self.res_id) if self.res_model == CASE_MODEL else cases

    def _gym_of_cases(self):
        """Return those of them whose case is still there."""
        mine = self.filtered(lambda activity: activity.res_model == CASE_MODEL)
        # sudo: see `_gym_case`
        there = set(
            self.env[CASE_MODEL].sudo().browse(mine.mapped("res_id")).exists().ids
        )
        return mine.filtered(lambda activity: activity.res_id in there)

    # === ENTERING === #

    @api.model
    def _default_activity_type_for_model(self, model):
        # EXTENDS mail: a case begins with a type that takes part (G-31)
        if model != CASE_MODEL:
            return super()._default_activity_type_for_model(model)
        kinds = self.env["mail.activity.type"]
        return kinds.search([("collection_case", "=", True)], limit=1)

    @api.onchange("activity_type_id")
    def _onchange_activity_type_id(self):
        # EXTENDS mail: which gives the activity to whoever enters it
        result = super()._onchange_activity_type_id()
        case = self._gym_case()
        if case and self.activity_type_id:
            self.update(self._gym_case_proposal(case, self.activity_type_id))
            self.date_start = self._gym_start_on(self.date_deadline)
        return result

    @api.onchange("date_start")
    def _onchange_date_start(self):
        if self.res_model == CASE_MODEL and self.date_start:
            self.date_deadline = self._gym_day_of(self.date_start)

    @api.model
    def _gym_case_proposal(self, case, kind):
        """Return what is proposed for an activity of a case (G-61 to G-65)."""
        return {
            "summary": kind.summary or kind.name,
            "user_id": (kind.default_user_id or case._active_manager()).id,
            "contact_id": case.contact_id.id,
            "amount": case.amount_case,
            "status_id": kind._gym_default_status().id,
        }

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS mail: what is not given is what the dialog proposes
        return super().create([self._complete_vals(vals) for vals in vals_list])

    def _complete_vals(self, vals):
        asked = self.default_get(["res_model", "res_model_id", "res_id"]) | vals
        # sudo: any user plans activities, few may read models
        model = self.env["ir.model"].sudo().browse(asked.get("res_model_id")).model
        if (model or asked.get("res_model")) != CASE_MODEL:
            return vals
        case = self.env[CASE_MODEL].browse(asked.get("res_id"))
        return self._gym_complete_case_vals(case, vals)

    def _gym_complete_case_vals(self, case, vals):
        kind = self.env["mail.activity.type"].browse(
            vals.get("activity_type_id")
            or self.default_get(["activity_type_id"]).get("activity_type_id")
            or self._default_activity_type_for_model(CASE_MODEL).id
        )
        vals = {
            **self._gym_case_proposal(case, kind),
            "note": kind.default_note,
            **vals,
            "activity_type_id": kind.id,
            "date_deadline": self._gym_deadline(kind, vals),
        }
        dates = ("user_id", "date_start", "date_deadline")
        draft = self.new({name: vals[name] for name in dates if name in vals})
        vals |= draft._gym_agreeing_dates(by_start=bool(draft.date_start))
        if kind.collection_state != "promise" and not vals.get("date_end"):
            vals["date_end"] = vals["date_deadline"]
        return vals

    @api.model
    def _gym_deadline(self, kind, vals):
        """Return when it is due; what is entered afterwards is due when it ended."""
        deadline = vals.get("date_deadline") or kind._get_date_deadline()
        if vals.get("date_start") or not vals.get("date_end"):
            return deadline
        return min(fields.Date.to_date(deadline), fields.Date.to_date(vals["date_end"]))

    # === DATES === #

    def write(self, vals):
        # EXTENDS mail: the start and Odoo's due date are one day
        result = super().write(vals)
        if vals.keys() & {"date_start", "date_deadline"}:
            for activity in self.filtered(lambda one: one.res_model == CASE_MODEL):
                activity._gym_align_dates(by_start=bool(vals.get("date_start")))
        return result

    def _gym_align_dates(self, by_start):
        dates = self._gym_agreeing_dates(by_start)
        if not self.is_promise and self.date_end:
            dates["date_end"] = max(
                self.date_end, dates.get("date_deadline", self.date_deadline)
            )
        changed = {name: day for name, day in dates.items() if self[name] != day}
        if changed:
            self.write(changed)

    def _gym_agreeing_dates(self, by_start):
        """Return the one date that follows the other: the day the start, or the
        start the day."""
        if by_start:
            return {"date_deadline": self._gym_day_of(self.date_start)}
        return {"date_start": self._gym_start_on(self.date_deadline)}

    def _gym_start_on(self, day):
        """Return the start on another day, at the same hour of its user's clock; of one
        that has none yet, now, in the hours of an office."""
        zone = self._gym_zone()
        start = self.date_start or fields.Datetime.now()
        clock = pytz.utc.localize(start).astimezone(zone).time()
        opens, closes = OFFICE_HOURS
        if not self.date_start and not opens <= clock <= closes:
            clock = MORNING
        moved = zone.localize(datetime.combine(day, clock))
        return moved.astimezone(pytz.utc).replace(tzinfo=None)

    def _gym_day_of(self, moment):
        return pytz.utc.localize(moment).astimezone(self._gym_zone()).date()

    def _gym_zone(self):
        # sudo: the clock of a colleague is no secret
        return pytz.timezone(self.user_id.sudo().tz or self.env.user.tz or "UTC")

    # === ACTIONS === #

    def action_open_activity(self):
        """Open the activity in a dialog; done ones can only be read there (G-69)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("mail.mail_activity_view_form_popup").id, "form")],
            "target": "new",
        }

    # === CALENDAR === #
    # In the calendar of collection cases an activity is named after its customer.

    @api.depends("res_id", "res_model")
    @api.depends_context("case_customer_name")
    def _compute_display_name(self):
        # EXTENDS mail
        super()._compute_display_name()
        if not self.env.context.get("case_customer_name"):
            return
        for activity in self.filtered(lambda one: one.res_model == CASE_MODEL):
            # sudo: who reads the activity may know whom it is about
            case = self.env[CASE_MODEL].sudo().browse(activity.res_id)
            activity.display_name = f"{case.partner_id.name}: {activity.display_name}"
