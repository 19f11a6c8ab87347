"""A file of returns on a real server: imported by a clerk, received by a member."""

from ..base.common_mail import open_postbox
from .bank_files import booking, camt, detail
from .common_debit_committed import CommittedDebitCase

RETURNS = 104  # more than are booked while the clerk waits
MAILED = 4  # the others have no address, and are to be printed
CRONS = (
    "gym_dunning.ir_cron_dunning_at_once",
    "mail.ir_cron_mail_scheduler_action",
)


class TestAtOnceServer(CommittedDebitCase):
    """S-01, S-05, E-68b: what the bank sends in the morning is answered at once."""

    @classmethod
    def _prepare(cls, env):  # pylint: disable=missing-return
        super()._prepare(env)
        policy = env["gym.dunning.policy"].browse(cls.policy_id)
        cls.postbox = open_postbox(cls, env, env.company, policy.level_ids)
        policy.remind_at_once = True
        env["gym.dunning.activation"].create(
            {
                "policy_id": policy.id,
                "company_id": policy.company_id.id,
                "auto_send": True,
            }
        )
        crons = env["ir.cron"].browse(env.ref(name).id for name in CRONS)
        crons.active = True
        cls.cron_id = crons[0].id
        # on, and not before next year
        env.ref("gym_dunning.ir_cron_dunning").write(
            {"active": True, "nextcall": "2100-01-01"}
        )

    def _sent_back(self, name):
        """Return the file of debits that came back, and their members."""
        order_ids = self._create_orders(RETURNS, name)
        with self.database.env() as env:
            orders = env["gym.debit.order"].browse(order_ids)
            orders._set_state("exported")
            for number, partner in enumerate(orders.partner_id[:MAILED]):
                partner.email = f"member.{number}@example.com"
            details = [detail(order.name, "100.00") for order in orders]
            return camt(booking(f"{RETURNS * 100}.00", *details)), orders.partner_id.ids

    def _is_booked(self):
        self.server.wake()
        waiting = "SELECT count(*) FROM gym_debit_return WHERE state <> 'booked'"
        return not self.database.value(waiting)

    def _is_received(self):
        self.server.wake()
        return len(self.postbox.received) >= MAILED

    def _make_time_pass(self):
        """Let the minute be over that the action waits for more of the bank."""
        self.database.sql(
            """UPDATE ir_cron_trigger SET call_at = call_at - interval '1h'
                WHERE cron_id = %s""",
            self.cron_id,
        )

    def test_imported_reminded_received(self):
        """S-01, S-05: a file in the morning is one run, and e-mails that arrive."""
        content, members = self._sent_back("Sent back")
        dialog = self._dialog(self.anna, content)
        self.anna.call("gym.debit.return.import", "action_import", [dialog])
        self.server.wait(self._is_booked, "the returns are booked")
        self.assertFalse(self.database.sql("SELECT FROM gym_dunning_run"))
        self._make_time_pass()
        self.server.wait(self._is_received, "the e-mails have arrived")
        runs = self.database.sql(
            """SELECT run_id, count(*), count(DISTINCT partner_id)
                 FROM gym_dunning_reminder WHERE state = 'issued' AND partner_id = ANY(%s)
                GROUP BY run_id""",
            members,
        )
        self.assertEqual(len(runs), 1, "the file is one run")
        self.assertEqual(runs[0][1:], (RETURNS, RETURNS))
        for number in range(MAILED):
            self.assertEqual(len(self.postbox.to(f"member.{number}@example.com")), 1)
        self.assertFalse(
            self.database.sql("SELECT FROM gym_dunning_occasion WHERE run_id IS NULL")
        )
        ours = r"(WARNING|ERROR) \S+ odoo\.addons\.gym_dunning"
        self.assertNotRegex(self.server.log.read_text(), ours)
