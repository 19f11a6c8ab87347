import datetime
import logging

from odoo import api, fields, models

from ..base.gym_process import OPEN_STATES
from ..base.gym_run_base import NothingProposed

_logger = logging.getLogger(__name__)

# What failed, or fell into a pause of the scheduler, is caught up. What ended longer
# ago is left to a person: nobody is billed by surprise for years gone by.
CATCH_UP_DAYS = 31
USE_CONTRACTS = "gym_dunning.group_use_contracts"


class GymRenewalRun(models.Model):
    """Renewal without anybody pressing a button."""

    _name = "gym.renewal.run"
    _inherit = ["gym.renewal.run", "gym.run.automatic"]

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_renewal(self, date=None):
        """Renew what ends for the companies that ask for it, end what is over.

        Run twice on a day, the second time finds nothing. What does not fit into the
        scheduler's time goes on with the companies not looked at that day.

        :param date: the day of the renewals; only the scheduler leaves it to the day
            it is in each gym
        """
        if not self.env["res.groups"]._gym_uses(USE_CONTRACTS):
            return  # nothing is billed that no screen shows
        self = self.sudo()  # a scheduler serves all centres, whoever starts it
        date = fields.Date.to_date(date)
        cron = self.env["ir.cron"]
        companies = self._automatic_companies()
        cron._commit_progress(remaining=len(companies) + 1)
        self._end_expired_contracts(date)
        left = cron._commit_progress(1)
        for number, company in enumerate(companies, start=1):
            if not left:
                rest = companies[number - 1 :]
                rest = rest.filtered(
                    lambda one: one.renewal_last_date != self._day_of(one, date)
                )
                cron._commit_progress(remaining=len(rest))
                return
            self._work_automatic(company, self._day_of(company, date))
            left = cron._commit_progress(1)

    @api.model
    def _day_of(self, company, date):
        """Return the day given, or the day it is in the company."""
        return date or company._gym_today(company._renewal_person())

    @api.model
    def _automatic_companies(self):
        """Return the topmost companies that ask; who waited longest comes first."""
        asking = self.env["res.company"].search([("renewal_auto", "=", True)])
        topmost = asking.filtered(lambda one: not (one.parent_ids - one) & asking)
        return topmost.sorted(
            lambda one: (one.renewal_last_date or datetime.date.min, one.id)
        )

    @api.model
    def _end_expired_contracts(self, date):
        """End what is over on the day it is in each gym; one day in most databases."""
        every = self.env["res.company"].with_context(active_test=False).search([])
        contracts = self.env["gym.contract"]
        for day, companies in every.grouped(lambda c: self._day_of(c, date)).items():
            told = (self.env.ref("base.main_company") & companies) or companies[:1]
            self._attempt(
                lambda day=day, companies=companies: contracts._end_expired(
                    day, companies
                ),
                lambda error, told=told: self._automatic_failed(told, error),
            )

    @api.model
    def _work_automatic(self, company, date):
        """Make one automatic renewal; whatever breaks it reaches a person."""
        self._work_once(
            lock=lambda: self._try_lock("gym_renewal_automatic", company.id),
            begin=lambda: company.write({"renewal_last_date": date}),
            work=lambda: self._start_automatic(company, date),
            failed=lambda error: self._automatic_failed(company, error),
        )

    @api.model
    def _start_automatic(self, company, date):
        """Estimate and renew through the wizard, as a clerk would.

        :raise NothingProposed: no contract is to be renewed, or it is being done
        """
        if self._is_at_work(company):
            raise NothingProposed(
                self.env._("The last renewal is still being processed.")
            )
        run = self._automatic_wizard(company, date)._make_run()
        run.is_automatic = True
        run.action_generate()

    @api.model
    def _is_at_work(self, company):
        runs = self.search(
            [
                ("is_automatic", "=", True),
                ("company_id", "=", company.id),
                ("state", "=", "running"),
            ]
        )
        return any(run.process_state in OPEN_STATES for run in runs)

    @api.model
    def _automatic_wizard(self, company, date):
        centres = self.env["res.company"].search([("id", "child_of", company.id)])
        wizards = self.env["gym.renewal.generate"].with_context(
            allowed_company_ids=(company | centres).ids
        )
        wizards = wizards.with_context(
            tz=company._gym_timezone(company._renewal_person())
        )
        return wizards.with_company(company).create(
            {
                "company_id": company.id,
                "date_from": fields.Date.subtract(date, days=CATCH_UP_DAYS),
                "date_to": fields.Date.add(date, days=company.renewal_days_before),
                "date": date,
            }
        )

    # === WHO IS TOLD === #

    @api.model
    def _automatic_failed(self, company, error):
        self._alert_renewal(company, self.env["gym.process"]._sentence(error))

    @api.model
    def _alert_renewal(self, company, message):
        """Leave the responsible an activity, one for each company until it is done."""
        person = company._renewal_person()
        # sudo: what failed is noted whoever started it
        contact = company.partner_id.sudo().with_context(lang=person.lang)
        contact._schedule_alert(
            person,
            contact.env._("Automatic renewals of %s failed", company.name),
            message,
        )

    def _report_automatic(self, process):
        """Send the result to the responsible: nobody watches."""
        person = self.company_id._renewal_person()
        run = self.with_context(lang=person.lang)
        run.message_post(
            body=run.env._(
                "Automatic renewal of %(centre)s: %(done)s contracts renewed,"
                " %(skipped)s skipped, %(failed)s failed.",
                centre=run.company_id.name,
                done=process.done_count,
                skipped=process.skipped_count,
                failed=process.failed_count,
            ),
            partner_ids=person.partner_id.ids,
        )
        if failures := process._open_failures():
            self._alert_renewal(
                run.company_id,
                run.env._(
                    "%(run)s: %(count)s contracts failed: %(first)s",
                    run=run.name,
                    count=len(failures),
                    first=failures[0].message,
                ),
            )

    def _process_failed(self, process):
        # EXTENDS gym.process.owner: a defect stopped it, and nobody is looking
        if self.is_automatic:
            run = self.with_context(lang=self.company_id._renewal_person().lang)
            self._alert_renewal(
                run.company_id,
                run.env._(
                    "%(process)s stopped: %(reason)s Nothing was lost; resume it in"
                    " the menu Processes.",
                    process=process.name,
                    reason=process.message,
                ),
            )
        return super()._process_failed(process)
