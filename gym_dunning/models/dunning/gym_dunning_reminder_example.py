from odoo import api, fields, models
from odoo.fields import Command

# Names of the handbooks that this module follows; nobody takes them for a member.
EXAMPLE_MEMBER = "Kent Laura"
EXAMPLE_AMOUNT = 59.90
EXAMPLE_DAYS = 30


class GymDunningReminder(models.Model):
    """A letter to look at before any is sent: made for somebody who is not there."""

    _inherit = "gym.dunning.reminder"

    @api.model
    def _example_letter(self, company, level, lang=None):
        """Return the PDF of an example letter of a level; nothing of it is kept.

        :param lang: the language of who would get it; None: the user's
        :raise UserError: the document of the level cannot be made
        """

        def render(reminder):
            # sudo: the layout of a letter is set-up, not data
            reports = self.env["ir.actions.report"].sudo()
            return reports._render_qweb_pdf(level.report_id, reminder.ids)[0]

        return self._of_example(company, level, lang, render)

    @api.model
    def _example_mail(self, company, level, lang=None):
        """Return the e-mail of a level as an example; nothing of it is kept.

        :return: dict of `email_from`, `subject` and `body_html`; empty where the level
            has no e-mail
        """
        template = level.mail_template_id.sudo()  # set-up, not data

        def render(reminder):
            parts = ("email_from", "subject", "body_html")
            return template._generate_template(reminder.ids, parts)[reminder.id]

        return self._of_example(company, level, lang, render) if template else {}

    @api.model
    def _of_example(self, company, level, lang, render):
        """Return what `render` makes of an example that is gone afterwards."""
        # sudo: the example is set-up; whoever may see the level may see its letter
        reminders = self.sudo().with_company(company)
        if lang:
            reminders = reminders.with_context(lang=lang)
        with self.env.cr.savepoint() as savepoint:
            rendered = render(reminders._make_example(company, level.sudo()))
            savepoint.rollback()
        return rendered

    def _make_example(self, company, level):
        today = fields.Date.context_today(self)
        run = self.env["gym.dunning.run"].create(
            {
                "name": self.env._("EXAMPLE"),  # no number is drawn for it
                "company_id": company.id,
                "policy_id": level.policy_id.id,
                "date": today,
                "payment_days": level.policy_id.payment_days,
            }
        )
        member = self._make_example_member(company)
        costs = self._example_costs(company, level, today)
        due = fields.Date.subtract(today, days=EXAMPLE_DAYS)
        return self.create(
            {
                "name": self.env._("EXAMPLE"),
                "payment_key": "EXAMPLE",
                "run_id": run.id,
                "partner_id": member.id,
                "member_id": member.id,
                "addressee_id": member.id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "level_id": level.id,
                "date": today,
                "date_due": fields.Date.add(today, days=level.policy_id.payment_days),
                "amount_open": EXAMPLE_AMOUNT,
                "amount_total": EXAMPLE_AMOUNT + sum(costs.values()),
                "line_ids": [
                    Command.create(
                        {
                            "name": self.env._("Membership"),
                            "member_id": member.id,
                            "date_maturity": due,
                            "days_overdue": EXAMPLE_DAYS,
                            "amount_original": EXAMPLE_AMOUNT,
                            "amount": EXAMPLE_AMOUNT,
                            "level_id": level.id,
                            "amount_interest": costs["amount_interest"],
                            "interest_from": due,
                            "interest_until": today,
                        }
                    )
                ],
            }
            | costs
        )

    def _make_example_member(self, company):
        return self.env["res.partner"].create(
            {
                "name": EXAMPLE_MEMBER,
                "street": company.street,
                "zip": company.zip,
                "city": company.city,
                "country_id": company._gym_country().id,
                "lang": self.env.lang,
            }
        )

    def _example_costs(self, company, level, today):
        """Return what the example costs a member who is written to on paper."""
        fees = self.env["gym.dunning.fee"]
        currency = company.currency_id
        limit, __ = fees._limit(level, company, currency, today, False, False)
        rule = self.env["gym.dunning.profile"]._of(company)
        parts = []
        if level.charge_interest and rule._may_charge_interest(company, False):
            due = fields.Date.subtract(today, days=EXAMPLE_DAYS)
            parts, __ = rule._compute_interest(
                EXAMPLE_AMOUNT, due, today, False, currency
            )
        return {
            "amount_fee": fees._gross(level, company, currency, today, limit=limit),
            "amount_interest": sum(part[2] for part in parts),
        }
