"""What agencies bring: handed over, recovered, open, and the rate."""

from odoo.fields import Command

from .common_agency_changes import AgencyChangesCommon

MEASURES = ("amount_handed", "amount_recovered", "amount_open", "amount_returned")


class TestAgencyAnalysis(AgencyChangesCommon):
    """Paul was handed over with 120.00, Laura with 80.00, fees included."""

    def _figures(self, handover, **vals):
        """Return the measures of a hand-over and its rate."""
        domain = [("handover_id", "=", handover.id)]
        aggregates = [f"{measure}:sum" for measure in MEASURES] + ["rate:avg"]
        rows = self.env["gym.agency.analysis"]._read_group(domain, [], aggregates)
        return [round(float(value), 4) for value in rows[0]]

    def test_recovered_and_open(self):
        """Market 3 "Handover result": recovered by what was handed over, per run."""
        handover = self._hand_over()
        self.assertEqual(self._figures(handover), [200.0, 0, 200.0, 0, 0])
        self._pay(self.of_paul)
        self.assertEqual(self._figures(handover), [200.0, 100.0, 100.0, 0, 0.5])

    def test_rate_is_of_the_sums(self):
        """Market 3: the rate of a group is no average of its lines' rates."""
        handover = self._hand_over()
        self._pay(self.of_laura, amount=20.0)
        rates = self.env["gym.agency.analysis"].search(
            [("handover_id", "=", handover.id)]
        )
        self.assertEqual(sorted(rates.mapped("rate")), [0.0, 0.25])
        self.assertEqual(self._figures(handover)[-1], 0.1)

    def test_a_paid_file_is_recovered(self):
        """Market 3: what the agency calls paid counts before it is booked."""
        handover = self._hand_over()
        self._line(handover, self.paul)._set_file_state("paid")
        self.assertEqual(self._figures(handover), [200.0, 120.0, 80.0, 0, 0.6])

    def test_returned_claims_stand_apart(self):
        """Market 3: what is paid after the claim came back is no success."""
        handover = self._hand_over()
        self._pay(self.of_paul, amount=30.0)
        self._line(handover, self.paul).action_withdraw()
        self._pay(self.of_paul)
        self.assertEqual(self._figures(handover), [200.0, 30.0, 80.0, 90.0, 0.15])

    def test_share_of_the_agency(self):
        """Issue 19, 2: what came in while the agency had it costs the agency's share."""
        handover = self._hand_over()
        self.agency.share_percent = 25
        payment = self._pay(self.of_paul, amount=40.0, day=handover.date)
        item = self.env["gym.invoicing"]._receivable(self.of_paul)
        last = (
            self.env["gym.dunning.reminder.line"]
            .search([("move_line_id", "=", item.id), ("state", "=", "issued")])
            .reminder_id.sorted("date")[-1:]
        )
        self.assertTrue(payment and last)
        self.env.flush_all()
        row = self.env["gym.dunning.outcome"].browse(last.id)
        self.assertEqual((row.amount_paid, row.amount_agency_share), (40, 10))
        self.assertEqual(row.amount_cost, 10)

    def test_previews_do_not_count(self):
        """Market 3: who is only proposed, or was left out, is not handed over."""
        self._run_levels(3)
        handover = self.env["gym.agency.handover"].create(
            {"agency_id": self.agency.id, "date": "2026-04-30"}
        )
        handover._estimate()
        self.assertTrue(handover.line_ids)
        rows = self.env["gym.agency.analysis"].search_count(
            [("handover_id", "=", handover.id)]
        )
        self.assertEqual(rows, 0)

    def test_by_month_and_agency(self):
        """Market 3: by agency, centre and month, for pivot and graph."""
        handover = self._hand_over()
        groups = self.env["gym.agency.analysis"].formatted_read_group(
            [("handover_id", "=", handover.id)],
            ["agency_id", "company_id", "date:month"],
            ["amount_handed:sum", "rate:avg"],
        )
        self.assertEqual(len(groups), 1)
        self.assertEqual(groups[0]["amount_handed:sum"], 200.0)

    def test_foreign_currency(self):
        """Market 3: company currency at the hand-over's rate; rates that move
        afterwards are neither gain nor loss."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 0.5}),
            Command.create({"name": "2026-04-01", "rate": 0.25}),
        ]
        abroad = self._create_invoice(
            self._create_member("Abroad"), days=40, currency_id=euro.id
        )
        handover = self._hand_over()
        line = handover.line_ids.filtered(lambda one: one.currency_id == euro)
        one = self.env["gym.agency.analysis"].browse(line.id)
        self.assertEqual(
            (one.amount_handed, one.amount_recovered), (line.amount_company, 0.0)
        )
        self._pay(abroad, amount=50.0)
        one.invalidate_recordset()
        self.assertAlmostEqual(
            one.amount_recovered, 50.0 * line.amount_company / line.amount, 2
        )
