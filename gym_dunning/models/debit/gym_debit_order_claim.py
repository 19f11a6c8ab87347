from odoo import api, fields, models
from odoo.tools import SQL


class GymDebitOrder(models.Model):
    """What the bank took for a return is passed on to the member, at that amount.

    A charge is claimed by the next letter with an item of its debit, once: as long as
    that letter is issued. Only what was booked is claimed, and stands in the books.
    """

    _inherit = "gym.debit.order"

    charge_reminder_id = fields.Many2one(
        "gym.dunning.reminder",
        string="Charges Claimed by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The letter that asks the member for the charges; if it is cancelled, the"
        " next one does.",
    )
    _booked_charges = models.Index(
        "(company_id, currency_id, charge_reminder_id) WHERE charge_move_id IS NOT NULL"
    )

    # === WHAT IS CLAIMED === #

    @api.model
    def _claims_sql(self, run):
        """Return a query of the charges that the evaluated letters of a run claim:
        `order_id`, the key of the letter, and `amount`; None where there are none.

        Sum and mark are both made of it. Who pays for two people gets it in the letter
        of one of them.
        """
        rules = self._claim_rules(run)
        if not rules:
            return None
        return SQL(
            """SELECT DISTINCT ON (debit.id) debit.id AS order_id, item.company_id,
                      item.person_id, item.currency_id,
                      LEAST(debit.return_charges, rule.most) AS amount
                 FROM gym_dunning_evaluation item
                 JOIN gym_debit_order_line line
                   ON line.move_line_id = item.move_line_id
                 JOIN gym_debit_order debit ON debit.id = line.order_id
                  AND debit.currency_id = item.currency_id
                 JOIN gym_debit_return_code code ON code.id = debit.return_code_id
                 JOIN account_move booked ON booked.id = debit.charge_move_id
                 JOIN (VALUES %(rules)s) AS rule (company_id, currency_id, most, consumers)
                   ON rule.company_id = item.company_id
                  AND rule.currency_id = item.currency_id
                WHERE item.kind = 'item' AND item.reason IS NULL AND %(free)s
                  AND code.charge_claimed AND booked.state = 'posted'
                  AND NOT EXISTS (SELECT FROM account_move back
                                   WHERE back.reversed_entry_id = booked.id
                                     AND back.state = 'posted')
                  AND (rule.consumers OR item.is_business)
                  AND (rule.most IS NULL OR rule.most > 0)
                ORDER BY debit.id, item.person_id""",
            rules=SQL(", ").join(
                SQL("(%s, %s, %s::numeric, %s)", company.id, currency.id, *rule)
                for (company, currency), rule in rules.items()
            ),
            free=self._unclaimed_sql(),
        )

    def _unclaimed_sql(self):
        """Whether a charge of `debit` was booked and no issued letter claims it; one
        that claimed it on paper only, without booking it, does not count."""
        return SQL(
            """(debit.charge_move_id IS NOT NULL AND NOT EXISTS (
                   SELECT FROM gym_dunning_reminder claim
                    WHERE claim.id = debit.charge_reminder_id
                      AND claim.state = 'issued'
                      AND claim.fee_move_id IS NOT NULL))"""
        )

    @api.model
    def _claim_rules(self, run):
        """Return what the law lets a run claim, by centre and currency of the charges
        that no letter claims yet: the most of each in that currency (None: all of it),
        and whether of consumers, too."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT debit.company_id, debit.currency_id
                     FROM gym_debit_order debit
                    WHERE debit.company_id IN %s AND %s""",
                tuple(run.company_ids.ids or [0]),
                self._unclaimed_sql(),
            )
        )
        companies, currencies = self.env["res.company"], self.env["res.currency"]
        pairs = [(companies.browse(one), currencies.browse(of)) for one, of in rows]
        return {pair: self._claim_rule(*pair, run.date) for pair in pairs}

    def _claim_rule(self, company, currency, date):
        rule = self.env["gym.dunning.profile"]._of(company)
        of_consumers = rule.consumer_fee != "no"
        if not rule:
            return 0.0, of_consumers  # as of fees: no rule, nothing is claimed
        if not rule.charge_max:
            return None, of_consumers
        if not self.env["gym.invoicing"]._has_rate(company, currency):
            return 0.0, of_consumers
        own = company.currency_id
        return own._convert(rule.charge_max, currency, company, date), of_consumers

    def _is_claim_without_rate(self, company, currency):
        """Tell whether nothing is claimed because the highest charge of the law cannot
        be told in the debits' currency."""
        limited = self.env["gym.dunning.profile"]._of(company).charge_max
        has_rate = self.env["gym.invoicing"]._has_rate
        return bool(limited) and not has_rate(company, currency)

    def _carries_charge_sql(self, currency):
        """Whether `reminder` is in this currency and has an item of a debit with a
        charge that no letter claims yet."""
        return SQL(
            """(reminder.currency_id = %s AND EXISTS (
                   SELECT FROM gym_dunning_reminder_line carried
                     JOIN gym_debit_order_line line
                       ON line.move_line_id = carried.move_line_id
                     JOIN gym_debit_order debit ON debit.id = line.order_id
                    WHERE carried.reminder_id = reminder.id AND %s))""",
            currency.id,
            self._unclaimed_sql(),
        )

    # === WHO CLAIMED IT === #

    @api.model
    def _mark_claims(self, run, reminders):
        """Note which of these reminders, just evaluated, claims which charges."""
        claims = reminders and self._claims_sql(run)
        if not claims:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE gym_debit_order debit SET charge_reminder_id = reminder.id
                     FROM (%s) claim
                     JOIN gym_dunning_reminder reminder
                       ON reminder.company_id = claim.company_id
                      AND reminder.member_id = claim.person_id
                      AND reminder.currency_id = claim.currency_id
                    WHERE debit.id = claim.order_id AND reminder.id IN %s""",
                claims,
                tuple(reminders.ids),
            )
        )
        self.invalidate_model(["charge_reminder_id"])
