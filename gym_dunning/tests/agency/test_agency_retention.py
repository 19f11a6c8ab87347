"""Hand-overs are forgotten when their purpose is over; the books are not."""

from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.tools import SQL, mute_logger

from .common_agency_changes import AgencyChangesCommon

CLOSED_ON = date(2026, 6, 1)
BOOKS = ("account_move", "account_move_line", "account_partial_reconcile")


class TestAgencyRetention(AgencyChangesCommon):
    """Market 2.6: anonymised after the months of the setting, by the day given."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.agency_retention_months = 24

    def _closed(self):
        """Return a hand-over whose files are all closed."""
        handover = self._hand_over(partner_ids=(self.paul | self.laura).ids)
        lines = handover.line_ids.sudo()
        lines.write({"agency_reference": "K/1", "age": 36})
        self._pay(self.of_paul, amount=30.0)
        self._line(handover, self.paul)._set_file_state("unsuccessful", "No assets")
        self._line(handover, self.laura)._set_file_state("withdrawn")
        handover.action_export_changes()
        lines.date_closed = CLOSED_ON
        return handover

    def _after(self, months):
        return CLOSED_ON + relativedelta(months=months, days=1)

    def _anonymise(self, day):
        return self.env["gym.agency.handover"]._anonymise(day)

    def _books(self):
        """Return a hash over all that the accountant has."""
        self.env.flush_all()
        return [
            self.env.execute_query(
                SQL(
                    "SELECT md5(string_agg(row::text, '|' ORDER BY id)) FROM %s row",
                    SQL.identifier(table),
                )
            )
            for table in BOOKS
        ]

    def test_when(self):
        """Retention: not a day early, not before the last file is closed."""
        handover = self._closed()
        self.assertFalse(self._anonymise(CLOSED_ON + relativedelta(months=24)))
        line = self._line(handover, self.paul)
        line.sudo().file_state = "in_progress"
        self.assertFalse(self._anonymise(self._after(24)))
        line.sudo().file_state = "unsuccessful"
        self.assertEqual(self._anonymise(self._after(24)), handover)
        self.assertEqual(handover.date_anonymised, self._after(24))
        self.assertFalse(self._anonymise(self._after(48)))

    def test_off(self):
        """Retention: 0 months keep everything; less is refused."""
        self._closed()
        self.company.agency_retention_months = 0
        self.assertFalse(self._anonymise(self._after(999)))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.agency_retention_months = -1
            self.env.flush_all()

    def test_holding_decides_for_its_centres(self):
        """Retention: the setting of the root company counts for hand-overs of a
        centre."""
        handover = self._closed()
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        handover.sudo().company_id = centre
        self.assertEqual(self._anonymise(self._after(24)), handover)

    def test_who_it_was_is_gone(self):
        """Retention, GDPR: no name, text, file or item leads to the member."""
        handover = self._closed()
        names = (self.paul | self.laura).mapped("name")
        self._anonymise(self._after(24))
        lines = handover.line_ids
        for name in ("partner_id", "warning", "reason", "agency_reference", "age"):
            with self.subTest(field=name):
                self.assertFalse(any(line[name] for line in lines))
        self.assertFalse(lines.claim_ids.move_line_id)
        self.assertFalse(handover.partner_ids)
        self.assertFalse(handover.document_count)
        for model, field in (
            ("ir.attachment", "res_model"),
            ("mail.activity", "res_model"),
        ):
            records = self.env[model].with_context(active_test=False)
            mine = [(field, "=", handover._name), ("res_id", "=", handover.id)]
            self.assertFalse(records.search(mine))
        holds = self.env["gym.dunning.hold"].with_context(active_test=False)
        self.assertFalse(
            holds.search([("res_model", "=", lines._name), ("res_id", "in", lines.ids)])
        )
        text = "".join(handover.message_ids.mapped("body"))
        self.assertIn("Anonymised", text)
        self.assertEqual(len(handover.message_ids), 1)
        self.assertFalse(any(name in text for name in names))

    def test_figures_stay(self):
        """Retention: amounts, numbers, states, centre and the result stay."""
        handover = self._closed()
        fields = ("name", "amount", "amount_company", "amount_open", "file_state")

        def figures():
            rows = [[line[name] for name in fields] for line in handover.line_ids]
            result = self.env["gym.agency.analysis"].search_read(
                [("handover_id", "=", handover.id)],
                ["amount_handed", "amount_recovered", "amount_open", "amount_returned"],
            )
            return rows, result, handover.amount_total, handover.member_count

        before = figures()
        self._anonymise(self._after(24))
        self.env.invalidate_all()
        self.assertEqual(figures(), before)

    def test_books_are_untouched(self):
        """Retention: tax law keeps the books; not a byte of them changes."""
        self._closed()
        before = self._books()
        self.assertTrue(self._anonymise(self._after(24)))
        self.assertEqual(self._books(), before)

    def test_uncollected_items_stay_held(self):
        """Retention: what the agency could not collect is not reminded again."""
        self._closed()
        self._anonymise(self._after(24))
        self.assertEqual(self._item(self.of_paul).hold_reason, "agency")

    def test_scheduled_action_commits_each(self):
        """Retention: the daily job does one hand-over at a time."""
        handover = self._closed()
        handover.line_ids.sudo().date_closed = date(2000, 1, 1)
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ) as progress:
            self.env["gym.agency.handover"]._cron_anonymise()
        self.assertTrue(handover.date_anonymised)
        self.assertIn(((1,), {}), [tuple(call) for call in progress.call_args_list])
        cron = self.env.ref("gym_dunning.ir_cron_agency_retention")
        self.assertEqual(cron.code, "model._cron_anonymise()")
