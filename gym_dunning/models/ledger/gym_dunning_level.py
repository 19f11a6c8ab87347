from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class Step(NamedTuple):
    """A level in its policy: its place, from 1 on; how late an item has to be for it, and
    for it and the policy (`window`), in days."""

    policy_id: int
    level_id: int
    number: int
    min_days: int
    window: int


class GymDunningLevel(models.Model):
    """One level of a policy: when it is due, what it costs, what is sent."""

    _name = "gym.dunning.level"
    _description = "Reminder Level"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "gym.dunning.policy", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    number = fields.Integer(
        compute="_compute_number", help="1 for the first level of the policy."
    )
    is_last = fields.Boolean(compute="_compute_number")
    name = fields.Char(required=True, translate=True)
    min_days_overdue = fields.Integer(
        string="From Days Overdue",
        help="Days after the due date from which this level is possible. 0: only"
        " the deadline of the reminder before counts.",
    )
    min_balance = fields.Monetary(
        string="Minimum Balance",
        help="What the member owes over all late items, in the company's currency.",
    )
    # fee
    fee_product_id = fields.Many2one(
        "product.product",
        string="Fee",
        domain="[('type', '=', 'service')]",
        ondelete="restrict",
        help="Charged once per reminder of this level. Empty: no fee.",
    )
    fee_amount = fields.Monetary(
        string="Other Amount",
        help="Instead of the article's price; net of tax, in the company's currency."
        " 0: the price of the article.",
    )
    fee_charged = fields.Monetary(
        compute="_compute_fee_charged",
        help="The article's price, or the other amount; net of tax, before the limits"
        " of the centre's country.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    charge_interest = fields.Boolean(
        help="Claims default interest on the items that reach this level, by the rates"
        " of the centre's country; consumers owe it where it was agreed.",
    )
    # document
    send_document = fields.Boolean(
        string="Sends a Document",
        default=True,
        help="Off: members reach this level without a letter or e-mail.",
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        string="Document",
        domain="[('model', '=', 'gym.dunning.reminder')]",
        default=lambda self: self._default_report_id(),
    )
    mail_template_id = fields.Many2one(
        "mail.template", domain="[('model', '=', 'gym.dunning.reminder')]"
    )
    attach_invoices = fields.Boolean(
        string="Attach the Invoices",
        help="The e-mail carries the invoices besides the letter.",
    )
    subject = fields.Char(translate=True)
    intro = fields.Html(string="Text before the Table", translate=True)
    intro_debit = fields.Html(
        string="Text before the Table, with a Direct Debit",
        translate=True,
        help="Used instead of the other text when the letter announces a direct debit "
        "of all or some items; the debit is shown under the table.",
    )
    closing = fields.Html(string="Text after the Table", translate=True)
    closing_debit = fields.Html(
        string="Text after the Table, with a Direct Debit",
        translate=True,
        help="Instead of the other text where everything is collected: such a letter"
        " names no deadline.",
    )

    @api.model
    def _default_report_id(self):
        return self.env.ref(
            "gym_dunning.action_report_reminder_letter", raise_if_not_found=False
        )

    @api.depends("policy_id.level_ids.sequence")
    def _compute_number(self):
        for level in self:
            siblings = level.policy_id.level_ids.sorted(
                lambda other: (other.sequence, other._origin.id or 0)
            )
            ids = siblings._origin.ids
            level.number = (
                ids.index(level._origin.id) + 1 if level._origin.id in ids else 0
            )
            level.is_last = bool(ids) and level._origin.id == ids[-1]

    @api.depends("policy_id.company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for level in self:
            company = level.policy_id.company_id or self.env.company
            level.currency_id = company.currency_id

    @api.depends("fee_product_id.lst_price", "fee_amount")
    @api.depends_context("company")
    def _compute_fee_charged(self):
        for level in self:
            level.fee_charged = level._net_fee(level.policy_id.company_id)

    def _net_fee(self, company):
        """Return what the level charges, in the company's currency and before limits."""
        self.ensure_one()
        if not self.fee_product_id:
            return 0.0
        product = self.fee_product_id.with_company(company or self.env.company)
        return self.fee_amount or product.lst_price

    @api.constrains("min_days_overdue", "min_balance", "fee_amount")
    def _check_not_negative(self):
        for level in self:
            if min(level.min_days_overdue, level.min_balance, level.fee_amount) < 0:
                raise ValidationError(
                    self.env._(
                        "Level %(level)s of %(policy)s: days, balance and fee"
                        " cannot be negative.",
                        level=level.name,
                        policy=level.policy_id.name,
                    )
                )

    @api.constrains("report_id", "mail_template_id", "send_document")
    def _check_document(self):
        for level in self:
            fault = level.report_id and level.send_document and level._document_fault()
            if fault or (fault := level._template_fault()):
                raise ValidationError(fault)

    def _document_fault(self):
        """Return why letters of this level could not be made and kept, or None."""
        self.ensure_one()
        report = self.report_id.sudo()  # the layout of a letter is set-up, not data
        names = {
            "level": self.name,
            "policy": self.policy_id.name,
            "document": report.name,
        }
        if not report:
            return self.env._(
                "Level %(level)s of %(policy)s sends a document, but none is chosen."
                " Choose it or switch 'Sends a Document' off.",
                **names,
            )
        if report.model != "gym.dunning.reminder" or report.report_type != "qweb-pdf":
            return self.env._(
                "Level %(level)s of %(policy)s: %(document)s is not a PDF document "
                "for reminders. Choose another one.",
                **names,
            )
        if not (report.attachment or "").strip():
            return self.env._(
                "Level %(level)s of %(policy)s: letters by %(document)s could not be"
                " kept as they were issued. Give the document a 'Save as Attachment"
                " Prefix', or choose another one.",
                **names,
            )
        return None

    def _template_fault(self):
        self.ensure_one()
        template = self.mail_template_id.sudo()  # set-up, not data
        if not template or template.model == "gym.dunning.reminder":
            return None
        return self.env._(
            "Level %(level)s of %(policy)s: the e-mail template %(template)s is not"
            " for reminders. Choose another one.",
            level=self.name,
            policy=self.policy_id.name,
            template=template.name,
        )

    @api.model
    def _rank_sql(self):
        """Return the levels with their number within the policy, as a subquery."""
        self.flush_model(["policy_id", "sequence", "min_days_overdue"])
        return SQL(
            """(SELECT id, policy_id, min_days_overdue,
                       row_number() OVER within_policy AS number,
                       count(*) OVER (PARTITION BY policy_id) AS level_count
                  FROM gym_dunning_level
                WINDOW within_policy AS (
                       PARTITION BY policy_id ORDER BY sequence, id))"""
        )

    @api.model
    def _steps(self):
        """Return all levels as `Step`, by policy and in their order."""
        self.env["gym.dunning.policy"].flush_model(["min_days_overdue"])
        rows = self.env.execute_query(
            SQL(
                """SELECT rank.policy_id, rank.id, rank.number, rank.min_days_overdue,
                          GREATEST(rank.min_days_overdue, policy.min_days_overdue)
                     FROM %s rank
                     JOIN gym_dunning_policy policy ON policy.id = rank.policy_id
                    ORDER BY rank.policy_id, rank.number""",
                self._rank_sql(),
            )
        )
        return tuple(Step(*row) for row in rows)

    @api.model
    def _ascending(self, wanted):
        """Return the ids of all levels from the lowest wanted one on, lowest first: who
        has a higher one is not at a lower one any more.

        :param wanted: ids of levels; False among them: all
        """
        steps = self._steps()
        numbers = [step.number for step in steps if step.level_id in wanted]
        least = min(numbers, default=1) if all(wanted) else 1
        later = [step for step in steps if step.number >= least]
        return [id for __, id in sorted((step.number, step.level_id) for step in later)]

    @api.model
    def _wanted(self, operator, value):
        """Return the ids of the levels that a filter on a field of levels names, False
        for none; None where it names them in a way that is not known.

        :param operator, value: as a field's search method gets them
        """
        if operator == "in":
            return value
        if operator not in ("any", "any!"):
            return None
        levels = self.sudo() if operator == "any!" else self  # the caller says so
        domain = value if isinstance(value, Domain) else Domain("id", "in", value)
        return levels.search(domain).ids
