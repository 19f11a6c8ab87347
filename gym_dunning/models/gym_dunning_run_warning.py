from odoo import models
from odoo.tools import SQL


class GymDunningRun(models.Model):
    """What to look at before generating, told per proposal."""

    _inherit = "gym.dunning.run"

    def _write_warnings(self, partners=None):
        """Tell what to look at before generating, per proposal."""
        only = SQL("TRUE")
        if partners is not None:
            only = SQL("reminder.partner_id IN %s", tuple(partners.ids or [0]))
        # one pass over the run's rows: joined with themselves they cost a minute,
        # while the statistics do not know the new run yet
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder reminder SET warning = %(text)s
                     FROM res_partner debtor
                    WHERE debtor.id = reminder.partner_id
                      AND reminder.run_id = %(run)s
                      AND reminder.state = 'proposed' AND %(only)s
                      AND %(text)s <> ''""",
                text=SQL("concat_ws('; ', %s)", SQL(", ").join(self._warning_parts())),
                run=self.id,
                only=only,
            )
        )

    def _warning_parts(self):
        """Return one SQL expression per kind of warning, NULL where it is fine."""
        yield SQL(
            """CASE WHEN debtor.birthdate_date IS NULL
                     AND NOT COALESCE(debtor.is_company, FALSE) THEN %s END""",
            self.env._("birth date missing"),
        )
        yield SQL(
            "CASE WHEN NOT debtor.active THEN %s END", self.env._("member archived")
        )
        yield SQL(
            """(SELECT %s || ' ' || to_char(sum(refund.amount_total), 'FM999999990.00')
                  FROM account_move refund
                 WHERE refund.commercial_partner_id = debtor.id
                   AND refund.company_id = reminder.company_id
                   AND refund.currency_id = reminder.currency_id
                   AND refund.move_type = 'out_refund' AND refund.state = 'draft')""",
            self.env._("draft credit note"),
        )
        yield from self._company_warnings()

    def _company_warnings(self):
        fee_model = self.env["gym.dunning.fee"]
        payment = self.env["gym.dunning.payment"]
        without_bank = self.company_ids.filtered(
            lambda company: not payment._bank_account(company)
        )
        yield self._warn_companies(
            without_bank, SQL("TRUE"), self.env._("no bank account to pay to")
        )
        yield self._warn_companies(
            fee_model._companies_without_consumer_fees(self.company_ids),
            SQL("NOT COALESCE(debtor.is_company, FALSE)"),
            self.env._("no fee: the law forbids it for consumers"),
        )
        for company, currency, __ in self._evaluated_combinations():
            if not self.env["gym.invoicing"]._has_rate(company, currency):
                yield self._warn_companies(
                    company,
                    SQL("reminder.currency_id = %s", currency.id),
                    self.env._("no exchange rate for %s", currency.name),
                )

    def _warn_companies(self, companies, condition, text):
        return SQL(
            "CASE WHEN reminder.company_id IN %s AND %s THEN %s END",
            tuple(companies.ids or [0]),
            condition,
            text,
        )
