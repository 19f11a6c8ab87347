from datetime import date
from unittest import skipUnless

from lxml import etree

from odoo.exceptions import UserError

from .common_debit import IBAN as GERMAN_IBAN
from .common_debit_batch import BatchCommon
from .test_debit_file_swiss import find_schema

CREDITOR_IBAN = "CH5604835012345678009"
IBAN = "CH9300762011623852957"


class TestDebitExportSwiss(BatchCommon):
    """A Swiss gym collects by LSV+ (debits 3)."""

    @classmethod
    def _set_up_debits(cls, currency):
        francs = cls.env.ref("base.CHF")
        result = super()._set_up_debits(francs, scheme="lsv_plus", iban=CREDITOR_IBAN)
        cls.company.debit_creditor_identifier = "ABC1W"
        return result

    def _batch(self):
        member = self._create_debtor("Heidi Hug", mandate=False)
        self._create_mandate(member, iban=IBAN)
        self._create_invoice(member)
        return self._collect_due()

    def _texts(self, batch, name):
        root = etree.fromstring(batch.attachment_id.raw)
        return [one.text for one in root.iter(f"{{*}}{name}")]

    @skipUnless(find_schema(), "the schema of SIX is not beside the project")
    def test_schema(self):
        """Debits 3: LSV+ validates against the schema of SIX."""
        batch = self._batch()
        batch.action_export()
        schema = etree.XMLSchema(etree.parse(str(find_schema())))
        schema.assertValid(etree.fromstring(batch.attachment_id.raw))

    def test_content(self):
        """Debits 3: bank numbers instead of mandates, and a reference that the bank
        gives back."""
        batch = self._batch()
        batch.action_export()
        order = batch.order_ids
        self.assertEqual((batch.scheme, batch.state), ("lsv_plus", "exported"))
        self.assertEqual(self._texts(batch, "MmbId"), ["4835", "762"])
        self.assertEqual(self._texts(batch, "Ref"), [order.bank_reference])
        self.assertTrue(order.bank_reference.startswith("RF"))
        self.assertFalse(self._texts(batch, "MndtId"))

    def test_account_abroad(self):
        """Debits 3: LSV+ debits Swiss accounts only."""
        batch = self._batch()
        self._change_account(batch.order_ids, GERMAN_IBAN)
        batch.invalidate_recordset()
        self.assertIn("not in Switzerland", batch.order_ids.refusal)

    def test_it_has_ended(self):
        """Debits 3: LSV+ is refused after its last day, with what to do."""
        batch = self._batch()
        batch.order_ids._move(date(2028, 9, 29))
        self.assertFalse(batch.refusal)
        batch.order_ids._move(date(2028, 10, 2))
        batch.invalidate_recordset()
        self.assertIn("until 09/29/2028 only", batch.refusal)
        with self.assertRaisesRegex(UserError, "LSV"):
            batch.action_export()
