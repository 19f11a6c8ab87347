from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Of whatever table a row is, its id is told apart from those of other tables.
TABLES = 16


class GymMemberEvent(models.Model):
    """What happened between a member and the gym about their debts, in one list.

    Nothing is stored: each row is read from the record that says it. A room adds its
    own by `_parts`, `_kinds` and `_shown_states`.
    """

    _name = "gym.member.event"
    _description = "Event in a Member's History"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "gym.dunning.hold": [
            "active",
            "company_id",
            "create_date",
            "move_line_id",
            "note",
            "reason",
        ],
        "gym.dunning.reminder": [
            "amount_total",
            "company_id",
            "currency_id",
            "date",
            "member_id",
            "state",
        ],
        "mail.message": ["date", "model", "res_id"],
        "mail.tracking.value": ["field_id", "mail_message_id", "new_value_char"],
    }

    date = fields.Date(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    kind = fields.Selection("_kinds", readonly=True)
    name = fields.Char(string="What", compute="_compute_name")
    state = fields.Char(compute="_compute_name")
    note = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", readonly=True
    )
    can_open = fields.Boolean(compute="_compute_can_open")

    @api.model
    def _kinds(self):
        """Return the kinds of rows; rooms add theirs."""
        return [
            ("reminder", self.env._("Reminder")),
            ("hold", self.env._("Hold")),
            ("access", self.env._("Access")),
        ]

    @api.model
    def _shown_states(self):
        """Return the field that says how a record ended, by its model."""
        return {"gym.dunning.reminder": "state", "gym.dunning.hold": "reason"}

    @api.depends("res_model", "res_id", "note")
    def _compute_name(self):
        for model, events in self.grouped("res_model").items():
            # sudo: the row itself was readable; it names its record, and no more
            records = self.env[model].sudo().browse(events.mapped("res_id")).exists()
            known = {record.id: record for record in records}
            for event in events:
                record = known.get(event.res_id, records.browse())
                event.name = event._name_of(record)
                event.state = event._state_of(record)

    def _name_of(self, record):
        """Return what a row says of the record that it was read from."""
        self.ensure_one()
        if self.kind == "access":
            return self.env._("Member status: %s", self.note or "")
        if self.res_model == "gym.dunning.reminder" and record:
            return f"{record.level_id.name}, {record.display_name}"
        return record.display_name

    def _state_of(self, record):
        shown = self._shown_states().get(self.res_model)
        if not record or not shown:
            return False
        labels = dict(record._fields[shown]._description_selection(self.env))
        return labels.get(record[shown], False)

    @api.depends("res_model")
    def _compute_can_open(self):
        readable = {
            model: self.env[model].has_access("read")
            for model in set(self.mapped("res_model"))
        }
        for event in self:
            event.can_open = event.kind != "access" and readable[event.res_model]

    def action_open_record(self):
        """Open the record that the row was read from, where the user may read it."""
        self.ensure_one()
        return self.can_open and self._to_open()._get_records_action()

    def _to_open(self):
        return self.env[self.res_model].browse(self.res_id)

    # === QUERY === #

    @property
    def _table_query(self):
        parts = self.env[self._name]._parts()
        numbered = (
            SQL(
                """SELECT part.id::bigint * %s + %s AS id, part.date, part.partner_id,
                          part.company_id, part.kind, part.note, part.amount,
                          part.currency_id, part.res_model, part.res_id
                     FROM (%s) part""",
                TABLES,
                number,
                part,
            )
            for number, part in enumerate(parts)
        )
        return SQL(" UNION ALL ").join(numbered)

    def _parts(self):
        """Return the queries whose rows make the list, one per kind of source.

        Each has the columns id (unique within it), date, partner_id, company_id,
        kind, note, amount, currency_id, res_model and res_id.
        """
        return [self._reminders_sql(), self._holds_sql(), self._access_sql()]

    def _reminders_sql(self):
        return SQL(
            """SELECT reminder.id, reminder.date,
                      reminder.member_id AS partner_id,
                      reminder.company_id, 'reminder' AS kind, NULL AS note,
                      reminder.amount_total AS amount, reminder.currency_id,
                      'gym.dunning.reminder' AS res_model, reminder.id AS res_id
                 FROM gym_dunning_reminder reminder
                WHERE reminder.state <> 'proposed'"""
        )

    def _holds_sql(self):
        """Holds that people placed; the others are told by the records behind them."""
        return SQL(
            """SELECT held.id, held.create_date::date AS date, aml.partner_id,
                      held.company_id, 'hold' AS kind, held.note,
                      aml.amount_residual_currency AS amount, aml.currency_id,
                      'gym.dunning.hold' AS res_model, held.id AS res_id
                 FROM gym_dunning_hold held
                 JOIN account_move_line aml ON aml.id = held.move_line_id
                WHERE held.res_model IS NULL AND aml.partner_id IS NOT NULL"""
        )

    def _access_sql(self):
        """Blocking and unblocking, by whomever: the changes of the member status."""
        return SQL(
            """SELECT tracked.id, message.date::date AS date,
                      partner.id AS partner_id, partner.company_id, 'access' AS kind,
                      CONCAT_WS(' → ', tracked.old_value_char, tracked.new_value_char)
                        AS note,
                      NULL::numeric AS amount, NULL::integer AS currency_id,
                      'res.partner' AS res_model, partner.id AS res_id
                 FROM mail_tracking_value tracked
                 JOIN ir_model_fields field ON field.id = tracked.field_id
                 JOIN mail_message message ON message.id = tracked.mail_message_id
                 JOIN res_partner partner ON partner.id = message.res_id
                WHERE message.model = 'res.partner'
                  AND field.model = 'res.partner' AND field.name = 'member_status_id'"""
        )

    @api.model
    def _domain_of(self, partners):
        """Return the rows about these persons."""
        return Domain("partner_id", "in", partners.ids)
