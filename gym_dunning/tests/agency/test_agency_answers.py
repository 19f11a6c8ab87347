"""What the agency reports of its files, and its answer file."""

import base64
import doctest
import io
from datetime import date, datetime

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ... import tools
from ..base.common import TODAY
from .common_agency_http import HandoverCommon

COLUMNS = (
    "line_number",
    "file_status",
    "agency_reference",
    "paid_amount",
    "payment_date",
    "closed_reason",
    "note",
)
PAID_ON = "2026-03-20"


class AnswerCommon(HandoverCommon):
    """A hand-over whose three lines wait for the agency's answer."""

    def setUp(self):
        super().setUp()
        self.server.answers = [(202, b"")]
        self.handover = self._hand_over()
        self.one, self.two, self.three = self.handover.line_ids

    def _take(self, *rows, agencies=None):
        return self.env["gym.agency.handover.line"]._take_updates(
            list(rows), agencies or self.agency
        )

    def _row(self, line, **vals):
        return {"line_number": line.name} | vals

    def _counts(self, taken):
        return taken.changed, taken.unchanged, len(taken.refused)

    def _assert_refused(self, sentence, *rows):
        taken = self._take(*rows)
        self.assertEqual(self._counts(taken), (0, 0, len(rows)))
        for *__, message in taken.refused:
            self.assertRegex(message, sentence)


class TestAgencyUpdates(AnswerCommon):
    """One definition of taking an update, whatever way it comes."""

    # === STATES === #

    def test_states_are_taken(self):
        """M-28e, AMB-27: each line goes where the agency says, and the hand-over
        follows."""
        taken = self._take(
            self._row(self.one, file_status="accepted", agency_reference="A-1"),
            self._row(self.two, file_status="In-Progress"),
            self._row(self.three, file_status="REFUSED", closed_reason="Too small"),
        )
        self.assertEqual(self._counts(taken), (3, 0, 0))
        self.assertEqual(
            self._states(self.handover), ["accepted", "in_progress", "refused"]
        )
        self.assertEqual(self.one.agency_reference, "A-1")
        self.assertEqual(self.three.reason, "Too small")
        self.assertTrue(self.three.date_closed)
        self.assertEqual(self.handover.state, "partial")

    def test_twice_is_no_change(self):
        """AMB-25: the same rows once more change nothing."""
        rows = [
            self._row(self.one, file_status="accepted", agency_reference="A-1"),
            self._row(self.two, file_status="instalments", note="50 a month"),
            self._row(self.three, paid_amount="10.50", payment_date=PAID_ON),
        ]
        self.assertEqual(self._counts(self._take(*rows)), (3, 0, 0))
        self.assertEqual(self._counts(self._take(*rows)), (0, 3, 0))
        self.assertEqual(self.two.reason, "50 a month")

    def test_a_history_twice_is_no_change(self):
        """AMB-25: of several rows of a line the last one counts, each time."""
        rows = [
            self._row(self.one, file_status="accepted"),
            self._row(self.one, file_status="in_progress"),
        ]
        self._take(*rows)
        self.assertEqual(self.one.file_state, "in_progress")
        self.assertEqual(self._counts(self._take(*rows)), (0, 2, 0))

    def test_handed_over_changes_nothing(self):
        """AMB-25: the status that the line had when it was sent is no news."""
        self._take(self._row(self.one, file_status="accepted"))
        for status in ("handed_over", "Handed Over", "", None):
            with self.subTest(status=status):
                taken = self._take(self._row(self.one, file_status=status))
                self.assertEqual(self._counts(taken), (0, 1, 0))
        self.assertEqual(self.one.file_state, "accepted")

    def test_given_back_by_the_agency(self):
        """AMB-27: a file that the agency gives back frees its items."""
        self._take(self._row(self.one, file_status="withdrawn"))
        self.assertFalse(self.env["gym.dunning.hold"].search(self._holds(self.one)))
        self.assertTrue(self.env["gym.dunning.hold"].search(self._holds(self.two)))

    def _holds(self, line):
        return [("res_model", "=", line._name), ("res_id", "=", line.id)]

    # === PAYMENTS === #

    def test_payments(self):
        """M-28e: payments to the agency are noted, and bring the file forward."""
        self._take(self._row(self.one, paid_amount=40, payment_date=PAID_ON))
        self.assertEqual(self.one.file_state, "partly_paid")
        self.assertEqual(self.one.amount_recovered, 40.0)
        rest = self.one.amount - 40
        self._take(
            self._row(
                self.one, paid_amount=rest, payment_date="2026-04-01", note="the rest"
            )
        )
        self.assertEqual(self.one.file_state, "paid")
        self.assertTrue(self.one.date_closed)
        self.assertEqual(self.one.payment_ids.mapped("note"), ["", "the rest"])
        self.assertEqual(self.one.payment_ids[0].date, date(2026, 3, 20))
        self.assertEqual(self.one.amount_open, self.one.amount, "no booking")

    def test_status_beside_a_payment(self):
        """AMB-27: the status that the agency gives wins over the derived one."""
        self._take(
            self._row(
                self.one,
                file_status="instalments",
                paid_amount="10",
                payment_date=PAID_ON,
            )
        )
        self.assertEqual(self.one.file_state, "instalments")

    def test_amounts_as_they_are_written(self):
        """AMB-25: decimal point and comma, numbers and texts."""
        for number, amount in enumerate(("1.50", "1,50", 1.5, "1.5"), start=1):
            day = f"2026-04-0{number}"
            with self.subTest(amount=amount):
                taken = self._take(
                    self._row(self.one, paid_amount=amount, payment_date=day)
                )
                self.assertEqual(self._counts(taken), (1, 0, 0))
        self.assertEqual(self.one.payment_ids.mapped("amount"), [1.5] * 4)

    def test_payments_are_for_nobody_to_write(self):
        """Rights: payments come from the agency only."""
        self._take(self._row(self.one, paid_amount=1, payment_date=PAID_ON))
        for operation in (
            lambda payment: payment.write({"amount": 2}),
            lambda payment: payment.unlink(),
            lambda payment: payment.copy(),
        ):
            with self.assertRaises(AccessError):
                operation(self.one.payment_ids.with_env(self.env))

    # === REFUSALS === #

    def test_refused_rows_stop_no_other(self):
        """AMB-25: bad rows are listed with a reason, the others taken."""
        taken = self._take(
            self._row(self.one, file_status="accepted"),
            {"line_number": "HO/1999/0001-0001", "file_status": "accepted"},
            "rubbish",
            self._row(self.two, file_status="accepted"),
        )
        self.assertEqual(self._counts(taken), (2, 0, 2))
        self.assertEqual(
            [(one["row"], one["line_number"]) for one in taken.refusals()],
            [(2, "HO/1999/0001-0001"), (3, "")],
        )

    def test_unknown(self):
        """AMB-25: unknown lines and statuses; lines of another agency are unknown."""
        self._assert_refused("not known", {"file_status": "accepted"}, {})
        self._assert_refused("must be an object", None, 5, [])
        self._assert_refused("'eaten'", self._row(self.one, file_status="eaten"))
        other = self._create_agency("Other")
        taken = self._take(self._row(self.one, file_status="paid"), agencies=other)
        self.assertEqual(self._counts(taken), (0, 0, 1))

    def test_preview_is_unknown(self):
        """AMB-25: lines that were never handed over are unknown."""
        self.handover.action_withdraw()
        wizard = self.env["gym.agency.generate"].create(
            {
                "company_id": self.company.id,
                "agency_id": self.agency.id,
                "date": TODAY,
                "partner_ids": self.members[0].ids,
            }
        )
        preview = self.env["gym.agency.handover"].browse(
            wizard.action_continue()["res_id"]
        )
        self._assert_refused(
            "not known", self._row(preview.line_ids, file_status="accepted")
        )

    def test_taken_back(self):
        """AMB-25: what the gym took back the agency changes no more; what it refused
        it cannot accept afterwards."""
        self.one.action_withdraw()
        self._take(self._row(self.two, file_status="refused"))
        for line in (self.one, self.two):
            self._assert_refused(
                "no longer at the agency",
                self._row(line, file_status="accepted"),
                self._row(line, paid_amount=5, payment_date=PAID_ON),
            )
        taken = self._take(
            self._row(self.one, file_status="withdrawn"),
            self._row(self.two, file_status="refused"),
        )
        self.assertEqual(self._counts(taken), (0, 2, 0))

    def test_amounts_that_cannot_be(self):
        """AMB-25: negative, unreadable, too exact and too large amounts."""
        for amount in (-1, "-0.01", "ten", "1.234,50", "NaN", "Infinity", True, [1]):
            with self.subTest(amount=amount):
                self._assert_refused(
                    "not (an|a possible payment) amount",
                    self._row(self.one, paid_amount=amount, payment_date=PAID_ON),
                )
        self._assert_refused(
            "more decimals",
            self._row(self.one, paid_amount="1.005", payment_date=PAID_ON),
        )
        much = self.one.amount + 0.01
        self._assert_refused(
            "more than the claim",
            self._row(self.one, paid_amount=much, payment_date=PAID_ON),
        )

    def test_sum_over_the_claim(self):
        """AMB-25: payments may not exceed the claim in sum, in one file either."""
        taken = self._take(
            self._row(self.one, paid_amount=60, payment_date=PAID_ON),
            self._row(self.one, paid_amount=60, payment_date="2026-03-21"),
            self._row(self.one, paid_amount=60, payment_date=PAID_ON),
        )
        # the third row is a second payment of that day, or it would not be there
        self.assertEqual(self._counts(taken), (1, 0, 2))
        self.assertEqual(self.one.amount_recovered, 60.0)

    def test_dates_that_cannot_be(self):
        """AMB-25: a payment has a date, in the form YYYY-MM-DD."""
        self._assert_refused("needs its date", self._row(self.one, paid_amount=5))
        for day in ("20.03.2026", "2026-02-30", "soon", 20260320):
            with self.subTest(day=day):
                self._assert_refused(
                    "YYYY-MM-DD",
                    self._row(self.one, paid_amount=5, payment_date=day),
                )

    def test_doctest(self):
        """AMB-25: the examples of the reading functions are true."""
        self.assertFalse(doctest.testmod(tools).failed)


class AnswerFileCommon(AnswerCommon):
    """Answer files as agencies write them, and their import by a clerk."""

    def _csv(self, *rows, delimiter=";", bom=True):
        lines = [
            COLUMNS,
            *([row.get(column, "") for column in COLUMNS] for row in rows),
        ]
        text = "".join(
            delimiter.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines
        )
        return text.encode("utf-8-sig" if bom else "utf-8")

    def _xlsx(self, *rows):
        book = Workbook()
        book.active.append(COLUMNS)
        for row in rows:
            book.active.append([row.get(column) for column in COLUMNS])
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def _import(self, content, name="answer.csv", env=None, **vals):
        wizard = (env or self.env)["gym.agency.answer"].create(
            {"file": base64.b64encode(content), "file_name": name}
            | ({"handover_id": self.handover.id} if not vals else vals)
        )
        action = wizard.action_import()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        return wizard

    def _figures(self, wizard):
        return wizard.taken_count, wizard.unchanged_count, wizard.refused_count


class TestAgencyAnswerFile(AnswerFileCommon):
    """The answer file of an agency without web service."""

    def test_files_of_all_kinds(self):
        """AMB-25: semicolon or comma, BOM or not, Excel; the same once more changes
        nothing."""
        rows = [
            self._row(
                self.one,
                file_status="accepted",
                note="Grüße, alles; gut",
                paid_amount="1.50",
                payment_date=PAID_ON,
            ),
            self._row(self.two, file_status="refused", closed_reason="Minor"),
        ]
        files = [
            self._csv(*rows),
            self._csv(*rows, delimiter=","),
            self._csv(*rows, bom=False),
            self._xlsx(*rows),
        ]
        for number, content in enumerate(files):
            with self.subTest(number=number):
                expected = (0, 2, 0) if number else (2, 0, 0)
                self.assertEqual(self._figures(self._import(content)), expected)
        self.assertEqual(self.one.payment_ids.note, "Grüße, alles; gut")
        self.assertEqual(
            self._states(self.handover), ["accepted", "refused", "handed_over"]
        )

    def test_numbers_and_dates_of_a_spreadsheet(self):
        """AMB-25: a spreadsheet's own numbers and dates are understood."""
        row = self._row(self.one, paid_amount=12.34, payment_date=datetime(2026, 3, 20))
        self._import(self._xlsx(row), "answer.xlsx")
        self.assertEqual(self.one.payment_ids.amount, 12.34)
        self.assertEqual(self.one.payment_ids.date, date(2026, 3, 20))

    def test_refused_rows_are_shown(self):
        """AMB-25: the dialog lists what was refused, by the row in the file."""
        wizard = self._import(
            self._csv(
                self._row(self.one, file_status="accepted"),
                {"line_number": "X-9", "file_status": "paid"},
            )
        )
        self.assertEqual(self._figures(wizard), (1, 0, 1))
        self.assertTrue(wizard.is_imported)
        self.assertEqual(wizard.row_ids.row, 3)
        self.assertEqual(wizard.row_ids.line_number, "X-9")
        self.assertIn("not known", wizard.row_ids.message)

    def test_file_is_kept_and_noted(self):
        """AMB-25: the file stays at the hand-over, once, and the chatter says so."""
        content = self._csv(self._row(self.one, file_status="accepted"))
        before = self.handover.document_count
        for __ in range(2):
            self._import(content)
        self.handover.invalidate_recordset()
        self.assertEqual(self.handover.document_count, before + 1)
        self.assertIn("answer.csv", self._noted(self.handover))

    def test_for_the_agency(self):
        """AMB-25: one file for several hand-overs, imported at the agency."""
        self.handover.line_ids[0].action_withdraw()
        self.server.answers = [(202, b"")]
        second = self._hand_over(self.handover.line_ids[0].partner_id)
        wizard = self._import(
            self._csv(
                self._row(self.two, file_status="accepted"),
                self._row(second.line_ids, file_status="accepted"),
            ),
            agency_id=self.agency.id,
        )
        self.assertEqual(self._figures(wizard), (2, 0, 0))
        self.assertEqual(second.state, "done")
        for handover in (self.handover, second):
            self.assertIn("answer.csv", self._noted(handover))

    def test_unreadable_files(self):
        """AMB-25: what is no answer file is refused with a sentence."""
        for content in (
            b"name;age\r\nx;1\r\n",
            b"PK\x03\x04 no spreadsheet",
            "line_number;note\r\nx;Grüße\r\n".encode("latin-1"),
            b"\x00\x01",
            b"\n\n",
        ):
            with (
                self.subTest(content=content),
                self.assertRaisesRegex(UserError, "cannot be read"),
            ):
                self._import(content)

    def test_who_may_import(self):
        """Rights: a clerk brings answers in; a clerk of elsewhere knows no line."""
        clerk = self._clerk("here", self.company)
        content = self._csv(self._row(self.one, file_status="accepted"))
        self.assertEqual(self._figures(self._import(content, env=clerk)), (1, 0, 0))
        elsewhere = self._clerk("there", self._create_company(name="Other gym"))
        shared = self._create_agency("Shared", company_id=False)
        wizard = self._import(content, env=elsewhere, agency_id=shared.id)
        self.assertEqual(self._figures(wizard), (0, 0, 1))

    def _clerk(self, login, company):
        user = new_test_user(
            self.env,
            login,
            "gym_dunning.group_dunning_user",
            company_id=company.id,
            company_ids=company.ids,
            lang="en_US",
        )
        context = dict(self.env.context, allowed_company_ids=company.ids)
        return self.env(user=user, context=context)
