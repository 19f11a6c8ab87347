"""The module comes to a gym that has been keeping books, and goes again."""

from odoo.tests import BaseCase, get_db_name, tagged

from .common_database import Database, accounting_template

BIG_TABLES = ("account_move", "account_move_line", "res_partner")

# What a gym had before: paid, half paid and late invoices, and a list of modules that
# names those on the disk (the template may be older than one of them).
BEFORE = """
env["ir.module.module"].update_list()
from odoo.fields import Command
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company)
partners = env["res.partner"].create(
    [{"name": f"Old member {n}", "street": "Road 1", "city": "Town"} for n in range(6)])
moves = env["account.move"].create([{
    "move_type": "out_invoice", "partner_id": partner.id,
    "invoice_date": "2026-01-02", "invoice_date_due": "2026-01-12",
    "invoice_payment_term_id": False,
    "invoice_line_ids": [Command.create({"name": "Month", "price_unit": 100.0})],
} for partner in partners])
moves.action_post()
for move, amount in ((moves[0], moves[0].amount_total), (moves[1], 40.0)):
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    ).create({"amount": amount, "payment_date": "2026-01-20"})._create_payments()
env["account.move"].create({
    "move_type": "out_refund", "partner_id": partners[2].id,
    "invoice_date": "2026-01-20",
    "invoice_line_ids": [Command.create({"name": "Back", "price_unit": 10.0})],
}).action_post()
env.cr.commit()
"""

# What it did with the module: two runs, the second with fees by the delivered
# article; letters; a hold; an agency with its token and key.
WORK = """
import datetime
cron = type(env["ir.cron"])
cron._commit_progress = lambda *args, **kwargs: 60.0
policy = env["gym.dunning.policy"]._for_company(env.company)
env.company.dunning_fee_agreed = True
policy.level_ids[1].fee_product_id = env.ref("gym_dunning.product_reminder_fee")
partners = env["res.partner"].search([("name", "like", "Old member")])
partners.member_status_id = env.ref("gym_dunning.member_status_active")
for day in (datetime.date(2026, 3, 2), datetime.date(2026, 3, 20)):
    wizard = env["gym.dunning.generate"].create({"date": day, "policy_id": policy.id})
    run = env["gym.dunning.run"].browse(wizard.action_continue()["res_id"])
    run.action_generate()
    env["gym.process"]._cron_run()
    run.reminder_ids.filtered(
        lambda r: r.delivery_state == "pending")._mark_delivered("printed")
env["ir.attachment"].create({"name": "letter.pdf", "raw": b"a letter",
    "res_model": run._name, "res_id": run.id})
env["ir.attachment"].create({"name": "letter.pdf", "raw": b"a letter",
    "res_model": "gym.dunning.reminder", "res_id": run.reminder_ids[0].id})
run.reminder_ids[0].partner_id.message_post(body="He called.")
env["gym.dunning.hold"].create({"reason": "dispute",
    "move_line_id": run.reminder_ids[0].line_ids[0].move_line_id.id})
env["gym.collection.agency"].create(
    {"partner_id": partners[0].id, "token": "secret"}).action_generate_key()
print("FEES", len(run.reminder_ids.fee_move_id))
env.cr.commit()
"""

# A direct debit that the bank collected, by the delivered payment method.
DEBIT = """
import datetime
day = datetime.date(2026, 3, 20)
env = env(context=dict(env.context, tracking_disable=True, dunning_date=day))
journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
journal.bank_acc_number = "DE75512108001245126199"
env.company.write({"debit_scheme": "other", "debit_journal_id": journal.id})
item = env["gym.open.item"].search([("amount_residual", ">", 0),
    ("hold_reason", "=", False), ("is_dunning_fee", "=", False)], limit=1).move_line_id
item.move_id.preferred_payment_method_line_id = journal._allow_direct_debits()
item.partner_id.client_status_id = False
account = env["res.partner.bank"].create(
    {"acc_number": "DE89370400440532013000", "partner_id": item.partner_id.id})
env["gym.debit.mandate"].create({"partner_id": item.partner_id.id,
    "partner_bank_id": account.id, "signature_date": day}).action_activate()
plan = env["gym.debit.plan"]
orders = plan._make(plan._debits({"one": (item, 0.0)}, day).values())
batch = orders._put_into_batches()
batch.action_export()
batch._start_paid(day)
assert orders.state == "paid", orders.state
env.cr.commit()
"""

# What came in on the bank's account: it is booked, and its file is kept.
RECEIPT = """
import datetime
from odoo.addons.gym_dunning.tests.debit.debit_files import camt054
item = env["gym.open.item"].search([("amount_residual", ">", 0),
    ("hold_reason", "=", False), ("is_dunning_fee", "=", False)], limit=1)
content = camt054([{"amount": "15.00", "currency": item.currency_id.name,
    "direction": "CRDT", "bank_code": ("RCDT", "ESCT"), "booking": "R-1",
    "name": "Somebody", "text": item.move_line_id.move_id.name}],
    account="DE75512108001245126199")
files = env["gym.receipt.file"]._import_one("bank.xml", content)
assert files.receipt_ids.state == "booked", files.receipt_ids.message
env.cr.commit()
"""

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "gym_dunning")]
    ).button_immediate_uninstall()
"""


@tagged("post_install", "-at_install")
class TestInstall(BaseCase):
    """Install, work, update and uninstall on a database with accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = f"{get_db_name()}_install"
        cls.database = Database.make(name, template=accounting_template())
        cls.addClassCleanup(cls.database.drop)
        cls.database.shell(BEFORE)

    def test_install_work_update_uninstall(self):
        """The books are as before but for the posted fees, and nothing is left."""
        before = self._books()
        tables, traces = self._columns(), self._traces()
        versions = self._versions()

        self.database.odoo("-i", "gym_dunning")
        with self.subTest("installing"):
            self.assertEqual(self._books(), before)
            self.assertEqual(
                self._columns(*BIG_TABLES[:2]),
                {t: tables[t] for t in BIG_TABLES[:2]},
                "no column is added to the journal items and entries",
            )
            self.assertEqual(self._versions(), versions, "no row is written for it")
            self.assertEqual(
                self.database.sql(
                    """SELECT DISTINCT collection_participation FROM res_partner
                        WHERE name LIKE 'Old member%'"""
                ),
                [("yes",)],
            )
        self.database.shell(WORK)
        fees = self._fee_ids()
        self.assertTrue(fees, "the second level charges a fee")
        with self.subTest("working"):
            self.assertEqual(self._books(without=fees), before)
            self._assert_balanced()

        self.database.shell(DEBIT)
        self.database.shell(RECEIPT)
        worked = self._books()

        self.database.odoo("-u", "gym_dunning")
        with self.subTest("updating"):
            self.assertEqual(self._books(), worked)

        self.database.shell(UNINSTALL)
        with self.subTest("uninstalling: the books"):
            self.assertEqual(self._books(), worked, "posted fees and payments stay")
            self._assert_balanced()
            self.assertIn(("gym_direct_debit",), self._payment_methods())
        with self.subTest("uninstalling: tables and columns"):
            self.assertEqual(self._columns(), tables)
        for what, rows in self._traces().items():
            with self.subTest(f"uninstalling: {what}"):
                self.assertFalse(set(rows) ^ set(traces[what]))

    # === SNAPSHOTS === #

    def _books(self, without=()):
        """A hash of each row of the ledger, without what reading it recomputes."""
        books = {}
        for table, key in (
            ("account_move", "id"),
            ("account_move_line", "move_id"),
            ("account_partial_reconcile", "id"),
        ):
            books[table] = self.database.sql(
                f"""SELECT id, md5(row_to_json(t)::text) FROM {table} t
                     WHERE {key} <> ALL(%s) ORDER BY id""",
                list(without),
            )
        return books

    def _payment_methods(self):
        """Payments were made by it, so it belongs to the books."""
        return self.database.sql(
            "SELECT DISTINCT method.code FROM account_payment payment"
            " JOIN account_payment_method method ON method.id = payment_method_id"
        )

    def _fee_ids(self):
        rows = self.database.sql(
            "SELECT fee_move_id FROM gym_dunning_reminder WHERE fee_move_id IS NOT NULL"
        )
        return sorted(fee_id for (fee_id,) in rows)

    def _assert_balanced(self):
        unbalanced = self.database.sql(
            """SELECT move_id FROM account_move_line GROUP BY move_id
                HAVING abs(sum(balance)) > 0.004"""
        )
        self.assertFalse(unbalanced)

    def _columns(self, *tables):
        """Tables of the database with their columns."""
        rows = self.database.sql(
            """SELECT table_name, array_agg(column_name::text ORDER BY column_name)
                 FROM information_schema.columns WHERE table_schema = 'public'
                GROUP BY table_name"""
        )
        return {t: c for t, c in rows if not tables or t in tables}

    def _versions(self):
        """Which version of each contact, entry and journal item there is, by table: a
        row that is written has a new one."""
        versions = {
            "res_partner": "name LIKE 'Old member%'",
            "account_move": "true",
            "account_move_line": "true",
        }
        return {
            table: self.database.sql(
                f"SELECT id, ctid::text FROM {table} WHERE {condition} ORDER BY id"
            )
            for table, condition in versions.items()
        }

    def _traces(self):
        """Whatever a module may leave behind."""
        queries = {
            "sequences": "SELECT relname::text FROM pg_class WHERE relkind = 'S'",
            "indexes": "SELECT indexname::text FROM pg_indexes"
            " WHERE schemaname = 'public'",
            "functions": "SELECT proname::text FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'",
            "ir.sequence": "SELECT code FROM ir_sequence",
            "models": "SELECT model FROM ir_model",
            "fields": "SELECT model || '.' || name FROM ir_model_fields",
            "ids": "SELECT module || '.' || name FROM ir_model_data",
            "scheduled actions": "SELECT cron_name FROM ir_cron",
            "server actions": "SELECT name->>'en_US' FROM ir_act_server",
            "actions": "SELECT type || id FROM ir_actions",
            "menus": "SELECT id FROM ir_ui_menu",
            "views": "SELECT name FROM ir_ui_view",
            "groups": "SELECT name->>'en_US' FROM res_groups",
            "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
            "rules": "SELECT name FROM ir_rule",
            "access": "SELECT name FROM ir_model_access",
            "parameters": "SELECT key FROM ir_config_parameter",
            "mail templates": "SELECT name->>'en_US' FROM mail_template",
            "attachments": """SELECT res_model || ':' || coalesce(res_field, '')
                FROM ir_attachment WHERE res_model IS NOT NULL""",
            # the fee article on posted invoices stays, with its log
            "messages": "SELECT DISTINCT model FROM mail_message"
            " WHERE model NOT LIKE 'product.%'",
            "followers": "SELECT DISTINCT res_model FROM mail_followers",
            "activities": "SELECT res_model FROM mail_activity",
            "saved filters": "SELECT name FROM ir_filters",
            # what stands; Odoo notes the keys of a dropped relation once more
            # while it uninstalls any module with one
            "constraints": "SELECT conname::text FROM pg_constraint",
            "relations": "SELECT name FROM ir_model_relation",
            "field values": "SELECT name FROM ir_model_fields_selection",
            "defaults": "SELECT id FROM ir_default",
            "assets": "SELECT path FROM ir_asset",
            "triggers": "SELECT cron_id FROM ir_cron_trigger",
        }
        # products and partners are the gym's own; they are not among these
        return {
            what: sorted({str(row[0]) for row in self.database.sql(query)})
            for what, query in queries.items()
        }
