"""Issue 19, point 4: recovered and newly overdue in Odoo's periodic e-mail."""

from datetime import date, datetime, timedelta

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import freeze_time, new_test_user
from odoo.tools import convert_file

from ..base.common import TODAY
from .common_run import day_after
from .test_outcome import OutcomeCommon

FIGURES = ("kpi_gym_recovered", "kpi_gym_overdue")
LISTS = ("gym.dunning.outcome", "gym.open.item")
SCRIPT = "gym_dunning/migrations/19.0.1.1.0/post-digest.py"


class TestDigest(OutcomeCommon):
    """Laura owes 100.00, due on 31 January, and is reminded on TODAY, a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Monday",
                "company_id": cls.company.id,
                "periodicity": "weekly",
                "kpi_gym_recovered": True,
                "kpi_gym_overdue": True,
            }
        )
        cls.clerk = cls._user("digest_clerk", "gym_dunning.group_dunning_user")

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
        )

    def _figure(self, name, start, end, user=None):
        """Return a figure of the days after `start` up to `end`, as this user."""
        self.env.flush_all()
        digest = self.digest.with_user(user or self.clerk).with_context(
            start_datetime=datetime.combine(start, datetime.min.time()),
            end_datetime=datetime.combine(end, datetime.max.time()),
        )
        digest.invalidate_recordset([f"{name}_value"])
        return digest[f"{name}_value"]

    def _recovered(self, start, end, **more):
        return self._figure("kpi_gym_recovered", start, end, **more)

    def _overdue(self, start, end, **more):
        return self._figure("kpi_gym_overdue", start, end, **more)

    def _mail(self, day, user=None):
        """Send the digest as on that day; return what the e-mail says of our figures: by
        figure its name, and the sums of a day, of seven, and of a month."""
        self.env.flush_all()
        user = user or self.clerk
        before = self.env["mail.mail"].search([])
        with freeze_time(datetime.combine(day, datetime.min.time())):
            self.digest.with_context(lang=user.lang)._action_send_to_user(
                user, tips_count=0, consume_tips=False
            )
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.email_to, user.email_formatted)
        page = html.fromstring(mail.body_html)
        return {
            name: [
                part.text.strip()
                for table in page.xpath(f"//table[@data-field='{name}']")
                for part in table.xpath(
                    ".//tr[@class='kpi_header']/td[1]/span"
                    " | .//span[contains(@class, 'kpi_value ')]"
                )
            ]
            for name in FIGURES
        }

    # === RECOVERED === #

    def test_recovered_by_the_day_of_the_money(self):
        """The money of the days, not the reminders of the days; no day is in two weeks."""
        self._generate()
        self._pay(self.invoice, amount=30, day=day_after(7))
        self._pay(self.invoice, amount=20, day=day_after(8))
        self.assertEqual(self._recovered(TODAY, day_after(7)), 30)
        self.assertEqual(self._recovered(day_after(7), day_after(14)), 20)
        self.assertEqual(self._recovered(day_after(14), day_after(21)), 0)

    def test_recovered_is_that_of_the_outcome(self):
        """One definition: of all days it is what the outcome of reminders says."""
        first, second = self._run_levels(2)[0]
        for days, amount in ((3, 25), (60, 40)):
            self._pay(self.invoice, amount=amount, day=day_after(days))
        [paid] = self._figures("amount_paid:sum", runs=first | second)
        self.assertEqual(paid, 65)
        self.assertEqual(self._recovered(TODAY, day_after(400)), paid)

    def test_recovered_needs_a_reminder(self):
        """Money from before the reminder, and credit notes, are not recovered."""
        self._pay(self.invoice, amount=10, day=TODAY)
        self._generate()
        credit = self.invoice._reverse_moves(
            [{"invoice_date": day_after(3), "date": day_after(3)}]
        )
        credit.action_post()
        lines = self.env["gym.invoicing"]._receivable(self.invoice | credit)
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self.assertEqual(self._recovered(day_after(-60), day_after(60)), 0)

    def test_recovered_taken_back(self):
        """The second half: a payment that went back is in no week any more; paid again,
        it is in the new one."""
        self._generate()
        payment = self._pay(self.invoice, day=day_after(2))
        self.assertEqual(self._recovered(TODAY, day_after(7)), 100)
        self._take_back(payment)
        self.assertEqual(self._recovered(TODAY, day_after(7)), 0)
        self._pay(self.invoice, day=day_after(20))
        self.assertEqual(self._recovered(TODAY, day_after(7)), 0)
        self.assertEqual(self._recovered(day_after(14), day_after(21)), 100)

    def test_cancelled_run_recovers_nothing(self):
        """The second half: who cancels the run has reminded nobody."""
        run = self._generate()
        self._pay(self.invoice, amount=40, day=day_after(2))
        self.assertEqual(self._recovered(TODAY, day_after(7)), 40)
        run.action_cancel()
        self._work()
        self.assertEqual(self._recovered(TODAY, day_after(7)), 0)

    # === NEWLY OVERDUE === #

    def test_overdue_from_the_day_after(self):
        """Due on the 31st, overdue from the 1st: in the week of that day, and in no other."""
        due = date(2026, 1, 31)
        self.assertEqual(self.invoice.invoice_date_due, due)
        day = timedelta(days=1)
        self.assertEqual(self._overdue(due - 7 * day, due), 0)
        self.assertEqual(self._overdue(due, due + 7 * day), 100)
        self.assertEqual(self._overdue(due + day, due + 8 * day), 0)

    def test_overdue_at_the_end_of_the_days(self):
        """What was paid within the days is not in it; what was paid later is, as of then;
        taken back, it is in it again."""
        due = self.invoice.invoice_date_due
        end = due + timedelta(days=7)
        self._pay(self.invoice, amount=30, day=due + timedelta(days=3))
        payment = self._pay(self.invoice, amount=50, day=end)
        self._pay(self.invoice, amount=20, day=end + timedelta(days=1))
        self.assertEqual(self._overdue(due, end), 20)
        self._take_back(payment)
        self.assertEqual(self._overdue(due, end), 70)

    def test_overdue_without_credits(self):
        """A credit is no debt and is taken off none."""
        due = self.invoice.invoice_date_due
        self._create_credit(self.member, 15.0)
        self.assertEqual(self._overdue(due, due + timedelta(days=7)), 100)

    # === RIGHTS === #

    def test_who_has_no_right_gets_no_figure(self):
        """Who may not read the figures gets the e-mail without them, and no error."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        group = "gym_dunning.group_dunning_user"
        for user in (
            self._user("digest_debts", "gym_dunning.group_debt_manager"),
            self._user("digest_elsewhere", group, company=other),
        ):
            with self.subTest(user.login):
                for name in FIGURES:
                    with self.assertRaises(AccessError):
                        self._figure(name, TODAY, day_after(7), user=user)
                self.assertEqual(
                    self._mail(day_after(7), user=user), {name: [] for name in FIGURES}
                )

    def test_a_centre_has_its_own(self):
        """The figures are those of the digest's company, in it alone."""
        other = self._create_company(name="Elsewhere")
        stranger = self._user("digest_other", "gym_dunning.group_dunning_user", other)
        self._generate()
        self._pay(self.invoice, amount=40, day=day_after(2))
        due = self.invoice.invoice_date_due
        self.digest.company_id = other
        mine = {"user": stranger}
        self.assertEqual(self._recovered(TODAY, day_after(7), **mine), 0)
        self.assertEqual(self._overdue(due, due + timedelta(days=7), **mine), 0)

    def test_a_holding_has_its_centres(self):
        """The holding's figures are those of it and of its centres, as far as the reader
        may see them; a centre's are its own."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        due = self.invoice.invoice_date_due
        week = (due, due + timedelta(days=7))
        self._create_invoice(
            self.member, amount=50.0, company=centre, invoice_date_due=due
        )
        self.assertEqual(self._overdue(*week), 100)
        self.clerk.company_ids += centre
        self.assertEqual(self._overdue(*week), 150)
        self.digest.company_id = centre
        self.assertEqual(self._overdue(*week), 50)

    # === THE E-MAIL === #

    def test_e_mail(self):
        """The e-mail names both sums of a day, seven and a month; the second half: after
        the payment went back it names the other."""
        self._generate()
        self._create_invoice(self.member, amount=59.0, days=-2)
        payment = self._pay(self.invoice, amount=64, day=day_after(4))
        recovered, overdue = self._mail(day_after(7)).values()
        self.assertEqual(recovered, ["Recovered after Reminders", "$0", "$64", "$64"])
        self.assertEqual(overdue, ["Newly Overdue", "$0", "$59", "$59"])
        self._take_back(payment)
        recovered, overdue = self._mail(day_after(7)).values()
        self.assertEqual(recovered[1:], ["$0", "$0", "$0"])
        self.assertEqual(overdue[1:], ["$0", "$59", "$59"])

    def test_e_mail_opens_the_lists(self):
        """Each figure opens the list that it is of."""
        actions = self.digest._compute_kpis_actions(self.company, self.clerk)
        for name, model in zip(FIGURES, LISTS, strict=True):
            xmlid = actions[name].partition("?")[0]
            self.assertEqual(self.env.ref(xmlid).res_model, model)

    def test_e_mail_in_german(self):
        """Who reads German gets the names in German."""
        self.clerk.lang = "de_DE"
        names = [figure[0] for figure in self._mail(day_after(7)).values()]
        self.assertEqual(names, ["Nach Mahnungen realisiert", "Neu überfällig"])

    # === ODOO'S OWN DIGEST === #

    def _switched_on(self, install):
        digest = self.env.ref("digest.digest_digest_default")
        digest.write(dict.fromkeys(FIGURES, False))
        self.env.flush_all()
        install()
        self.env.invalidate_all()
        return [digest[name] for name in FIGURES]

    def _load(self, mode):
        data = "data/digest_data.xml"
        convert_file(self.env, "gym_dunning", data, {}, mode=mode, noupdate=True)

    def test_on_from_the_start(self):
        """They are on in the digest that Odoo brings, also for who had the module
        before; an update leaves off what was switched off."""
        self.assertEqual(self._switched_on(lambda: self._load("init")), [True, True])
        script = load_script(SCRIPT, "post_digest")
        self.assertEqual(
            self._switched_on(lambda: script.migrate(self.env.cr, "19.0.1.0.0")),
            [True, True],
        )
        self.assertEqual(
            self._switched_on(lambda: self._load("update")), [False, False]
        )

    def test_without_odoo_s_own_digest(self):
        """Whoever deleted it does not get it back, and no error."""
        self.env.ref("digest.digest_digest_default").unlink()
        self._load("init")
        load_script(SCRIPT, "post_digest").migrate(self.env.cr, "19.0.1.0.0")
        self.assertFalse(
            self.env.ref("digest.digest_digest_default", raise_if_not_found=False)
        )
