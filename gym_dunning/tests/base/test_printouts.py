"""A print over several centres or runs belongs to nobody's run."""

from odoo.exceptions import AccessError
from odoo.fields import Domain

from .common_centres import CentresCommon


class TestPrintouts(CentresCommon):
    """The holding's clerk prints letters of both centres; A's clerk looks around."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk_a = cls._user("clerk", cls.centre_a)
        cls.holding_clerk = cls._user("clerk", cls.group)
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        cls._create_invoice(cls.paul, company=cls.centre_a)
        cls._create_invoice(cls.laura, company=cls.centre_b)

    def _runs(self):
        env = self._as(self.holding_clerk)
        return [
            self._generate_as(env, centre) for centre in (self.centre_a, self.centre_b)
        ]

    def _document(self, action):
        attachment = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(attachment)

    def _assert_closed(self, document, holder=None):
        """Only who printed it reads it."""
        env = self._as(self.clerk_a)
        self.assertFalse(env["ir.attachment"].search([("id", "=", document.id)]))
        with self.assertRaises(AccessError):
            document.with_env(env).read(["raw"])
        other = self._as(self._user("manager", self.group))
        with self.assertRaises(AccessError):
            document.with_env(other).read(["raw"])
        mine = document.with_env(self._as(holder or self.holding_clerk))
        self.assertIn(b"Kent Laura", mine.raw)
        self.assertIn(b"Kent Paul", mine.raw)

    def test_selection_of_two_centres(self):
        """H8: letters of two centres, printed from the list, lie in no run."""
        first, second = self._runs()
        action = self._print_all((first | second).reminder_ids.action_print())
        document = self._document(action)
        self.assertEqual(document.res_model, "gym.printout")
        self._assert_closed(document)
        self.assertFalse(first.document_count + second.document_count)

    def test_run_of_the_holding(self):
        """H8: a run of the holding is open to who works in the holding alone, so its
        document over the centres is not kept with it."""
        run = self._generate_as(self._as(self.holding_clerk), self.holding)
        self.assertEqual(run.reminder_ids.company_id, self.centre_a | self.centre_b)
        document = self._document(self._print_all(run.action_print()))
        self._assert_closed(document)
        alone = self._as(self._user("clerk", self.holding))
        domain = Domain("res_model", "=", "gym.dunning.run")
        self.assertFalse(alone["ir.attachment"].search(domain))

    def test_part_of_a_run(self):
        """E-53: some letters of a run do not take the place of the run's document."""
        self._create_invoice(self._create_member("Kent Mike"), company=self.centre_a)
        run = self._generate_as(self._as(self.holding_clerk), self.centre_a)
        whole = self._document(self._print_all(run.action_print()))
        before = whole.raw
        self.env["gym.dunning.reminder"].flush_model()
        part = self._document(self._print_all(run.reminder_ids[:1].action_print()))
        two = self._document(run.reminder_ids.action_print())
        self.assertEqual(whole.raw, before)
        self.assertNotIn(whole, part | two)

    def test_vacuumed(self):
        """H8: what somebody printed for himself goes with its record."""
        first, second = self._runs()
        document = self._document(
            self._print_all((first | second).reminder_ids.action_print())
        )
        printout = self.env["gym.printout"].browse(document.res_id)
        self.env.cr.execute(
            "UPDATE gym_printout SET create_date = create_date - interval '2 days',"
            " write_date = write_date - interval '2 days'"
        )
        self.env["gym.printout"]._transient_vacuum()
        self.assertFalse(printout.exists())
        self.assertFalse(document.exists())

    def test_notices_of_two_runs(self):
        """H8: the same for notices of renewal."""
        notices = self.env["gym.renewal.notice"]
        for centre, member in (
            (self.centre_a, self.paul),
            (self.centre_b, self.laura),
        ):
            notices |= self._notice(centre, member)
        action = notices.with_env(self._as(self.holding_clerk)).action_print()
        self._assert_closed(self._document(action))

    def _notice(self, centre, member):
        contract = self.env["gym.contract"].create(
            {
                "partner_id": member.id,
                "date_start": "2026-01-01",
                "company_id": centre.id,
            }
        )
        run = self.env["gym.renewal.notice.run"].create(
            {"company_id": centre.id, "date": "2026-03-01"}
        )
        return (
            self.env["gym.renewal.notice"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "contract_id": contract.id,
                    "partner_id": member.id,
                    "addressee_id": member.id,
                    "company_id": centre.id,
                    "currency_id": centre.currency_id.id,
                    "date": "2026-03-01",
                    "date_end": "2026-12-31",
                    "state": "pending",
                    "channel": "print",
                }
            )
        )
