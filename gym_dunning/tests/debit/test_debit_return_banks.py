import random
import re
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..base.common import TODAY
from .bank_files import (
    CAMT_053,
    booking,
    camt,
    charge,
    detail,
    gzipped,
    rejected,
    status,
    zipped,
)
from .common_debit import IBAN
from .common_debit_return import DebitReturnCommon

OTHER_IBAN = "DE02120300000000202051"


class BankFileCommon(DebitReturnCommon):
    """Files written as text; debits over 49.90."""

    def _sent(self, name, amount=49.9, **vals):
        return self._exported(name, amount=amount, **vals)

    def _take(self, *bookings, **values):
        return self._import(camt("".join(bookings), **values).encode())

    def _row(self, *bookings, **values):
        (row,) = self._take(*bookings, **values).return_ids
        return row

    def _row_with_sign(self, order, number, **values):
        """Return the row of a booking without a reason but with another sign."""
        said = detail(order.name, "49.90", code=None)
        return self._row(booking("49.90", said, reference=f"R-{number}", **values))

    def _listed(self, *bookings, **values):
        """Return why the only row is not booked."""
        row = self._row(*bookings, **values)
        self.assertRecordValues(row, [{"state": "unmatched", "order_id": False}])
        return row.message

    def _proposed(self, row):
        """Return the debit that the dialog proposes."""
        return self.env["gym.debit.return.match"].new({"return_id": row.id}).order_id


@tagged("post_install", "-at_install")
class TestDebitReturnBanks(BankFileCommon):
    """Files as banks really write them (debits 4 and 6)."""

    # === ARCHIVES === #

    def _upload(self, *contents):
        attachments = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": "gym.debit.return.import"}
                for name, content in contents
            ]
        )
        return self.env["gym.debit.return.import"].create(
            {
                "company_id": self.company.id,
                "attachment_ids": [Command.set(attachments.ids)],
            }
        )

    def test_archive(self):
        """Case 15: all files of a ZIP are read, each is one file of returns; a bad
        member is told and stops no other; a copy outside of it is known."""
        one, other, third = (self._sent(name) for name in ("Ann", "Ben", "Cleo"))
        first = camt(booking("49.90", detail(one.name, "49.90")))
        second = camt(booking("49.90", detail(other.name, "49.90"), reference="R-2"))
        last = camt(booking("49.90", detail(third.name, "49.90"), reference="R-3"))
        dialog = self._upload(
            ("C54.zip", zipped({"a/1.xml": first, "2.xml": second, "bad.xml": "<x"})),
            ("single.xml", first.encode()),
            ("C54.xml.gz", gzipped(last)),
        )
        self.assertEqual((dialog.matched_count, dialog.unmatched_count), (4, 0))
        self.assertIn("C54.zip/bad.xml is damaged", dialog.problems)
        told = dialog.action_import()["params"]["message"]
        self.assertIn("3 booked, 0 to work", told)
        self.assertIn("C54.zip/bad.xml", told)
        self.assertEqual(
            set(self._files().mapped("name")),
            {"C54.zip/a/1.xml", "C54.zip/2.xml", "C54.xml.gz"},
        )
        self.assertEqual({order.state for order in one | other | third}, {"returned"})
        self.assertEqual(self._import(first.encode()).name, "C54.zip/a/1.xml")

    def test_archive_through_the_program(self):
        """A ZIP is taken by the import itself, too; without a good file it is refused
        by name."""
        order = self._sent("Ann")
        content = camt(booking("49.90", detail(order.name, "49.90")))
        files = self._import(zipped({"a.xml": content, "b.xml": "<x"}), "z.zip")
        self.assertEqual(files.mapped("name"), ["z.zip/a.xml"])
        for packed, sentence in (
            (zipped({"a.pdf": "%PDF"}), "z.zip contains no XML file of the bank"),
            (zipped({"a.xml": content})[:80], "z.zip cannot be unpacked"),
            (zipped({"a.xml": "<x"}), "z.zip/a.xml is damaged"),
        ):
            with self.assertRaisesRegex(UserError, re.escape(sentence)):
                self._import(packed, "z.zip")

    def test_many_bad_files(self):
        """Hundreds of bad members are not hundreds of sentences."""
        dialog = self._upload(
            ("z.zip", zipped({f"{number:03}.xml": "<x" for number in range(50)}))
        )
        self.assertEqual(dialog.problems.count("\n"), 20)
        self.assertIn("30 further files", dialog.problems)

    # === ONE BAD ENTRY === #

    def test_unreadable_entries_stop_no_other(self):
        """Case 17: an amount, currency or date that is none is listed with what to
        do; the good return beside it is booked."""
        for number, (odd, sentence) in enumerate(
            (
                (("NaN", "2026-03-05"), "gives 'NaN' as the amount"),
                (("49,90", "2026-03-05"), "gives '49,90' as the amount"),
                (("1e308", "2026-03-05"), "gives '1e308' as the amount"),
                (("49.905", "2026-03-05"), "gives '49.905' as the amount"),
                (("49.90", "2026-02-30"), "gives '2026-02-30' as the booking date"),
                (("49.90", "9999-12-31"), "gives '9999-12-31' as the booking date"),
            )
        ):
            amount, day = odd
            with self.subTest(odd):
                good, bad = self._sent(f"Good {number}"), self._sent(f"Bad {number}")
                rows = self._take(
                    booking(
                        "49.90", detail(good.name, "49.90"), reference=f"G{number}"
                    ),
                    booking(
                        amount,
                        detail(bad.name, amount),
                        day=day,
                        reference=f"B{number}",
                    ),
                ).return_ids.sorted("id")
                self.assertEqual(rows.mapped("state"), ["booked", "unmatched"])
                self.assertIn(sentence, rows[1].message)
                self.assertIn(f"{bad.name} of Bad {number}", rows[1].message)
                self.assertEqual((good.state, bad.state), ("returned", "exported"))
                self.assertEqual(self._proposed(rows[1]), bad)
                rows[1]._book_as(bad)
                self.assertEqual(bad.state, "returned")

    def test_more_decimals_than_the_currency_has(self):
        """Zeros are no fractions of a cent."""
        order = self._sent("Ann")
        row = self._row(booking("49.90000", detail(order.name, "49.90000")))
        self.assertEqual(row.state, "booked")

    def test_details_without_amounts(self):
        """Case 17: details without amounts take those of their debits, if they add up
        to the booking, with the bank's charge or without."""
        for number, (total, extra, state) in enumerate(
            (
                ("149.90", "", "booked"),
                ("152.90", charge("3.00", "true"), "booked"),
                ("150.00", "", "unmatched"),
            )
        ):
            with self.subTest(total):
                one = self._sent(f"Ann {number}")
                other = self._sent(f"Ben {number}", amount=100.0)
                rows = self._take(
                    booking(
                        total,
                        *(detail(order.name) for order in (one, other)),
                        extra=extra,
                        reference=f"R-{number}",
                    )
                ).return_ids
                self.assertEqual(set(rows.mapped("state")), {state})
                if state == "booked":
                    self.assertEqual(sorted(rows.mapped("amount")), [49.9, 100.0])
                else:
                    self.assertIn("only the total of several", rows[0].message)

    def test_details_with_and_without_amounts(self):
        """What is left of the booking is what those without an amount are about."""
        orders = [self._sent(name) for name in ("Ann", "Ben", "Cleo")]
        rows = self._take(
            booking(
                "149.70",
                detail(orders[0].name, "49.90"),
                *(detail(order.name) for order in orders[1:]),
            )
        ).return_ids
        self.assertEqual(rows.mapped("state"), ["booked"] * 3)

    def test_damaged_document_among_others(self):
        """A document of the file that is cut off is listed; its copy is known."""
        order = self._sent("Ann")
        content = camt(booking("49.90", detail(order.name, "49.90")))
        rows = self._import((content + content[:-50]).encode()).return_ids.sorted("id")
        self.assertEqual(rows.mapped("state"), ["booked", "unmatched"])
        self.assertIn("A part of the file is damaged", rows[1].message)

    def test_forbidden_characters(self):
        """What no database keeps is left out of texts."""
        order = self._sent("Ann")
        part = detail(order.name, "49.90", text="A\0B&#xD800;C")
        content = camt(booking("49.90", part)).encode()
        file = self._import(content, "a\0\ud800.xml")
        self.assertEqual(file.name, "a__.xml")
        self.assertRecordValues(
            file.return_ids, [{"state": "booked", "bank_text": "A B C"}]
        )

    # === CHARGES === #

    def test_reading_that_fits_the_debit(self):
        """Where the bank's sums do not add up, what the debit collected decides; what
        fits nothing is listed."""
        order = self._sent("Ann", amount=55.0)
        odd = detail(order.name, "55.00", extra=charge("3.00", "true"))
        row = self._row(booking("60.00", odd))
        self.assertRecordValues(
            row, [{"state": "booked", "amount": 55.0, "charges": 3.0}]
        )
        self.assertEqual(order.return_charges, 3.0)
        other = self._sent("Ben", amount=54.0)
        odd = detail(other.name, "55.00", extra=charge("3.00", "true"))
        self.assertIn("collected", self._listed(booking("60.00", odd, reference="R-2")))

    # === OTHER SIGNS === #

    def test_sure_signs_are_booked(self):
        """Cases 16: a German code, a reversal, a rejection outside of any block."""
        reversal = "<RvslInd>1</RvslInd>"
        for number, values in enumerate(
            (
                {"code": None, "own": ("NDDT+109+00931+901", "DK")},
                {"code": ("IDDT", "ESDD"), "reversal": reversal},
                {"code": ("IDDT", "RJCT")},
                {"code": None, "reversal": reversal},
            )
        ):
            with self.subTest(values):
                order = self._sent(f"Ann {number}")
                row = self._row_with_sign(order, number, **values)
                self.assertEqual((row.state, order.state), ("booked", "returned"))
        order = self._sent("Ben")
        row = self._import(status(rejected(order.name)).encode()).return_ids
        self.assertEqual((row.state, order.state), ("booked", "returned"))
        self.assertEqual(str(row.booking_date), "2026-03-05")

    def test_unsure_signs_are_listed(self):
        """What may be a return is listed with the reason and the debit it names, and
        booked by hand."""
        said = "<AddtlNtryInf>Rücklastschrift</AddtlNtryInf>"
        for number, (values, sentence) in enumerate(
            (
                ({"code": None, "behind": said}, "Only the bank's text"),
                ({"code": ("IDDT", "ESDD")}, "The booking code IDDT/ESDD"),
                ({"code": None, "own": ("X17", "")}, "but names a direct debit"),
            )
        ):
            with self.subTest(values):
                order = self._sent(f"Ann {number}")
                row = self._row_with_sign(order, number, **values)
                self.assertEqual((row.state, order.state), ("unmatched", "exported"))
                self.assertIn(sentence, row.message)
                self.assertIn(order.name, row.message)
                row.action_book()  # a doubt does not go by itself
                self.assertEqual(row.state, "unmatched")
                self.assertEqual(self._proposed(row), order)
                row._book_as(order)
                self.assertEqual((row.state, order.state), ("booked", "returned"))

    def test_reversal_of_something(self):
        """A reversal that names nothing of ours, or another amount, is listed."""
        order = self._sent("Ann")
        reversal = "<RvslInd>true</RvslInd>"
        for number, amount in (("X-1", "49.90"), (order.name, "20.00")):
            with self.subTest(number):
                message = self._listed(
                    booking(
                        amount,
                        detail(number, amount, code=None),
                        code=None,
                        reversal=reversal,
                        reference=number,
                    ),
                    message_id=number,
                )
                self.assertIn("reversed a booking", message)

    def test_day_that_cannot_be(self):
        """A day far ahead is not booked by itself, whatever time the file names."""
        order = self._sent("Ann")
        part = detail(order.name, "49.90")
        ahead = camt(booking("49.90", part, day="2098-01-01", reference="R-1"))
        for content in (ahead, ahead.replace("2026-03-05T08:30:00", "today")):
            row = self._import(content.encode()).return_ids
            self.assertIn("gives '2098-01-01' as the booking date", row.message or "")
            row.sudo().unlink()

    def test_bookings_that_are_not_ours(self):
        """Payments without any sign and without a number of ours are passed over."""
        self._sent("Ann")
        file = self._take(
            booking("49.90", detail("LIEF-1", "49.90", code=None), code=None),
            booking("49.90", detail("LIEF-2", "49.90", None), code=("RDDT", "ESDD")),
            booking("49.90", detail("W-1", "49.90"), code=("ICDT", "RRTN")),
        )
        self.assertFalse(file.return_ids)

    def test_our_collection(self):
        """The credit of our own debit is no return, whatever numbers it names."""
        order = self._sent("Ann")
        file = self._take(
            booking(
                "49.90",
                detail(order.name, "49.90", code=None),
                code=("IDDT", "ESDD"),
                direction="CRDT",
            )
        )
        self.assertFalse(file.return_ids)

    def test_money_comes_again(self):
        """A return that the bank takes back is listed with what to do."""
        order = self._sent("Ann")
        self._take(booking("49.90", detail(order.name, "49.90")))
        row = self._row(
            booking(
                "49.90",
                detail(order.name, "49.90"),
                direction="CRDT",
                reversal="<RvslInd>true</RvslInd>",
                reference="R-2",
            ),
            message_id="M-2",
        )
        self.assertEqual(row.state, "unmatched")
        self.assertIn("reversed a return", row.message)

    def test_unclear_status(self):
        """A reason without a status is listed, of a debit and of a whole file."""
        order = self._sent("Ann")
        row = self._import(status(rejected(order.name, "")).encode()).return_ids
        self.assertEqual((row.state, order.state), ("unmatched", "exported"))
        self.assertIn("does not say that the debit was rejected", row.message)
        batch = self._sent("Ben").batch_id
        reason = "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
        content = status("", original=batch.name or "B-1", group=reason)
        self.assertEqual(self._import(content.encode()).return_ids.state, "unmatched")

    # === FINDING THE DEBIT === #

    def test_number_written_otherwise(self):
        """Case, blanks and hyphens of a number are the bank's."""
        for number, change in enumerate(
            (
                str.lower,
                lambda name: f" {name[:5]} {name[5:]} ",
                lambda name: name.replace("-", ""),
                lambda name: name.replace("-", " - ").lower(),
            )
        ):
            order = self._sent(f"Ann {number}")
            with self.subTest(change(order.name)):
                row = self._row(
                    booking(
                        "49.90",
                        detail(change(order.name), "49.90"),
                        reference=f"R-{number}",
                    )
                )
                self.assertEqual((row.state, row.order_id), ("booked", order))

    def test_number_in_the_text(self):
        """B15: without an id our number in the text is found, alone of several."""
        for number, text in enumerate(
            ("EREF+{} MREF+M-1", "Mitglied {}, SVWZ Beitrag", "ref {}. Danke")
        ):
            order = self._sent(f"Ann {number}")
            with self.subTest(text):
                row = self._row(
                    booking(
                        "49.90",
                        detail(
                            "NOTPROVIDED", "49.90", text=text.format(order.name.lower())
                        ),
                        reference=f"R-{number}",
                    )
                )
                self.assertEqual((row.state, row.order_id), ("booked", order))
                self.assertEqual(row.match_reason, "the bank's text")
        one, other = self._sent("Ben"), self._sent("Cleo")
        text = f"{one.name} {other.name}"
        message = self._listed(
            booking("49.90", detail(None, "49.90", text=text), reference="R-9")
        )
        self.assertIn(f"by the bank's text, it may be {one.name}", message)

    def test_mandate_and_amount(self):
        """B15: without a number the mandate and the amount decide, if only one debit
        fits; the way it was found is shown."""
        order = self._sent("Ann")
        mandate = order.mandate_id.name
        row = self._row(
            booking("49.90", detail("NOTPROVIDED", "49.90", mandate=mandate.lower()))
        )
        self.assertEqual((row.state, row.order_id), ("booked", order))
        self.assertIn(f"mandate {mandate.lower()} and amount", row.match_reason)
        # told again by other references: not the next debit of the same mandate
        again = self._listed(
            booking("49.90", detail(None, "49.90", mandate=mandate), reference="R-2"),
            message_id="M-2",
        )
        self.assertIn("returned on", again)

    def test_mandate_with_several_debits(self):
        """Two debits of a mandate over the same amount: a person decides."""
        member = self._create_debtor("Ann")
        orders = self.env["gym.debit.order"]
        for days in (30, 60):
            invoice = self._create_invoice(member, days, amount=49.9)
            orders |= self._collect_exported(invoice)
        mandate = orders.mandate_id.name
        message = self._listed(booking("49.90", detail(None, "49.90", mandate=mandate)))
        for order in orders:
            self.assertIn(order.name, message)
        self.assertEqual(set(orders.mapped("state")), {"exported"})
        other = self._listed(
            booking("50.00", detail(None, "50.00", mandate=mandate), reference="R-2"),
            message_id="M-2",
        )
        self.assertIn("gives no direct debit number", other)

    def test_retried_debit_of_a_mandate(self):
        """A debit that came back long ago does not hide the one that was made of the
        same items again."""
        member = self._create_debtor("Ann")
        invoice = self._create_invoice(member, amount=49.9)
        first = self._collect_exported(invoice)
        self._return(first, day=TODAY.replace(month=1))
        second = self._collect_exported(invoice)
        mandate = second.mandate_id.name
        row = self._row(booking("49.90", detail(None, "49.90", mandate=mandate)))
        self.assertEqual((row.state, row.order_id), ("booked", second))

    def test_account_and_amount(self):
        """The account is a proposal only: a family may share it."""
        member = self._create_debtor("Ann", mandate=False)
        self._create_mandate(member, iban=OTHER_IBAN)
        order = self._collect_exported(self._create_invoice(member, amount=49.9))
        self._sent("Ben")  # of another account
        row = self._row(booking("49.90", detail(None, "49.90", iban=OTHER_IBAN)))
        self.assertEqual(row.state, "unmatched")
        self.assertIn(f"by account and amount, it may be {order.name}", row.message)
        self.assertEqual(row.debtor_iban, OTHER_IBAN)
        self.assertEqual(self._proposed(row), order)
        self.assertNotEqual(IBAN, OTHER_IBAN)

    # === TOLD TWICE === #

    def test_told_by_all_three_kinds(self):
        """The same return in a status report, an advice and a statement with other
        references is booked once, and known afterwards."""
        order = self._sent("Ann")
        part = detail(order.name, "49.90")
        self._import(status(rejected(order.name)).encode())
        advice = self._take(booking("49.90", part, reference="A-1"))
        statement = self._take(booking("49.90", part, reference="S-1"), kind=CAMT_053)
        for file in (advice, statement):
            self.assertRecordValues(file, [{"entry_count": 0, "known_count": 1}])
        self.assertEqual(len(self._row_of(order)), 1)

    def test_another_amount_is_not_the_same(self):
        """A statement that says another amount of a returned debit is listed."""
        order = self._sent("Ann")
        self._take(booking("49.90", detail(order.name, "49.90")))
        message = self._listed(
            booking("51.00", detail(order.name, "51.00"), reference="S-1"),
            kind=CAMT_053,
        )
        self.assertIn("returned on", message)

    def test_equal_debits_on_the_same_day(self):
        """Two debits over the same amount on one day are two returns."""
        one, other = self._sent("Ann"), self._sent("Ben")
        rows = self._take(
            *(
                booking("49.90", detail(order.name, "49.90"), reference=None)
                for order in (one, other)
            )
        ).return_ids
        self.assertEqual(rows.mapped("state"), ["booked"] * 2)

    def test_equal_bookings_without_any_number(self):
        """Two bookings that say the same and nothing else are two; in the statement
        of the same day both are known."""
        bookings = [booking("49.90", detail(None, "49.90"), reference=None)] * 2
        advice = self._take(*bookings)
        self.assertEqual(advice.entry_count, 2)
        statement = self._take(*bookings, kind=CAMT_053)
        self.assertRecordValues(statement, [{"entry_count": 0, "known_count": 2}])

    def test_two_imports_at_once(self):
        """Whoever comes second is tried again: the entries are known then. Where that
        does not happen, the sentence says what to do."""
        order = self._sent("Ann")
        part = detail(order.name, "49.90")
        self._take(booking("49.90", part))
        statement = camt(booking("49.90", part), CAMT_053).encode()
        returns = self.env.registry["gym.debit.return"]
        prepared = returns._prepare_new

        def blind(records, found, creditor):
            vals_list, __ = prepared(records, found, creditor)
            entry = found.entries[0]
            currencies = records._currencies()
            vals = records._prepare_vals(entry, creditor, currencies, found.created)
            return [*vals_list, vals], 0

        with (
            patch.object(returns, "_prepare_new", blind),
            self.assertRaisesRegex(ConcurrencyError, "Import the file again"),
        ):
            self._import(statement)
        self.assertRecordValues(
            self._import(statement), [{"entry_count": 0, "known_count": 1}]
        )

    def test_rejected_file_under_another_name(self):
        """A bank that calls our file otherwise, and names the debits below."""
        order, other = self._sent("Ann"), self._sent("Ben")
        block = (
            "<OrgnlPmtInfAndSts><OrgnlPmtInfId>BANK-1</OrgnlPmtInfId>{}{}"
            "</OrgnlPmtInfAndSts>"
        )
        said = "<PmtInfSts>RJCT</PmtInfSts>"
        group = "<GrpSts>RJCT</GrpSts>"
        for debit, content in (
            (order, status(block.format("", rejected(order.name, "")), "X", group)),
            (other, status(block.format(said, rejected(other.name)), "X")),
        ):
            row = self._import(content.encode()).return_ids
            self.assertRecordValues(row, [{"state": "booked", "order_id": debit.id}])

    def test_rejected_file_told_again(self):
        """A file that was rejected as a whole is known when it is told again."""
        order = self._collect(self._create_invoice(self._create_debtor("Ann")))
        batch = order._put_into_batches()
        batch.action_export()
        group = "<GrpSts>RJCT</GrpSts>"
        content = status("", original=f" {batch.name.lower()} ", group=group)
        self.assertEqual(self._import(content.encode()).booked_count, 1)
        again = self._import(content.replace("S-1", "S-2").encode())
        self.assertRecordValues(again, [{"entry_count": 0, "known_count": 1}])


@tagged("post_install", "-at_install")
class TestDebitReturnWalks(BankFileCommon):
    """Random files of random debits, of a fixed seed (kind 9)."""

    def _placed(self, order, chance, number):
        """Return a booking of the debit, as some bank might write it, and whether it
        names the debit for certain."""
        own, fee = Decimal(f"{order.amount:.2f}"), Decimal("2.50")
        name = chance.choice((order.name, order.name.lower(), f" {order.name} "))
        part = {"number": name}
        if chance.random() < 0.3:
            part = {"text": f"Retour {order.name} Beitrag"}
        elif chance.random() < 0.3:
            part = {"mandate": order.mandate_id.name}
        total, amount, extra, above = chance.choice(
            (
                (own, own, "", ""),
                (own, None, "", ""),
                (own + fee, own, "", ""),
                (own + fee, own, charge(fee, "true"), ""),
                (own + fee, own + fee, charge(fee, "1"), ""),
                (own + fee, own, "", charge(fee, "true")),
                (own + fee, None, "", charge(fee, "true")),
                (own, own, charge(fee), ""),
            )
        )
        said = chance.choice(("AM04", "XX99", None))
        values = chance.choice(
            (
                {},
                {"code": ("IDDT", "RRTN")},
                {"code": None, "own": ("NRTI+109+1", "DK")},
                {"code": ("IDDT", "OTHR"), "reversal": "<RvslInd> true </RvslInd>"},
            )
        )
        return booking(
            total,
            detail(amount=amount, code=said, extra=extra, **part),
            extra=above,
            reference=chance.choice((f"R-{number}", None)),
            **values,
        )

    def _dressed(self, content, chance):
        content = chance.choice(("", "\n\n", "\ufeff")) + content
        content += chance.choice(("", "\x1a", "\n"))
        if chance.random() < 0.3:
            content = content.replace("UTF-8", chance.choice(("UTF-16", "ISO-8859-1")))
        return content.encode(chance.choice(("utf-8", "utf-16")))

    def test_every_return_is_booked_once(self):
        """Whatever the form, each debit that came back is booked once, with its own
        amount, or listed; what is told again is known or listed."""
        for seed in range(6):
            with self.subTest(seed=seed):
                chance = random.Random(seed)
                orders = [
                    self._sent(f"Walker {seed} {number}", chance.choice((49.9, 100.01)))
                    for number in range(5)
                ]
                written = [
                    self._placed(order, chance, f"{seed}-{number}")
                    for number, order in enumerate(orders)
                ]
                content = camt("".join(written), message_id=f"W-{seed}")
                rows = self._import(self._dressed(content, chance)).return_ids
                self.assertEqual(len(rows), len(orders), content)
                for row in rows:
                    self.assertEqual(row.state, "booked", f"{row.message}\n{content}")
                    self.assertEqual(row.amount, row.order_id.amount, content)
                self.assertEqual(set(rows.order_id), set(orders), content)
                again = camt("".join(written), CAMT_053, f"S-{seed}").encode()
                self.assertFalse(self._import(again).return_ids, content)

    def test_broken_files_book_no_wrong_amount(self):
        """Thousands of changes to a good file: a sentence, or what is booked is what
        the debit collected."""
        chance = random.Random(12)
        order = self._sent("Ann")
        content = camt(
            booking("52.40", detail(order.name, "52.40", extra=charge("2.50", "1")))
        ).encode()
        for number in range(150):
            broken = self._broken(content, chance)
            with self.subTest(number), self.env.cr.savepoint() as savepoint:
                try:
                    files = self._import(broken, f"{number}.xml")
                except UserError as error:
                    self.assertIn(f"{number}.xml", error.args[0])
                    files = self._files().browse()
                for row in files.return_ids.filtered("order_id"):
                    self.assertEqual(row.amount, 49.9, broken)
                savepoint.rollback()
                self.env.invalidate_all()

    def _broken(self, content, chance):
        data = bytearray(content)
        for __ in range(chance.randint(1, 3)):
            start = chance.randrange(len(data))
            kind = chance.randrange(4)
            if kind == 0:
                data[start] = chance.randrange(256)
            elif kind == 1:
                del data[start : start + chance.randint(1, 20)]
            elif kind == 2:
                data[start:start] = data[start : start + chance.randint(1, 40)]
            else:
                digits = [place for place, byte in enumerate(data) if 48 <= byte < 58]
                data[chance.choice(digits)] = chance.randrange(48, 58)
        return bytes(data)
