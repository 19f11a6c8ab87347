"""Which mandates serve: what banks take, whose they are, and what changes."""

from datetime import timedelta

from lxml import etree

from odoo.exceptions import UserError, ValidationError

from ..base.common import TODAY
from .common_debit import CREDITOR_ID, IBAN
from .common_debit_batch import BatchCommon
from .test_debit_file_sepa import SepaCase

OTHER_IBAN = "DE02120300000000202051"
TURKISH = "TR330006100519786457841326"
SWISS = "CH9300762011623852957"
WRONG = "DE89370400440532013001"
SERBIAN = "RS35260005601001611379"


class MandateCommon(BatchCommon):
    """Members with mandates, and what the bank is told of them."""

    def _mandate_of(self, member):
        return self.env["gym.debit.mandate"].search([("partner_id", "=", member.id)])

    def _debtor_at(self, iban, **vals):
        member = self._create_debtor("Dora Debit", mandate=False, **vals)
        return self._create_mandate(member, iban=iban)

    def _new_account(self, mandate, iban=OTHER_IBAN):
        mandate.partner_bank_id = self.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": mandate.partner_id.id}
        )

    def _file(self):
        """Collect and export what is due; return what the bank gets."""
        batch = self._collect_due()
        batch.action_export()
        return batch, batch.attachment_id.raw


class TestDebitMandateCheck(MandateCommon):
    """One definition of what the bank would refuse, from mandate to letter."""

    def _assert_refused(self, mandate, sentence):
        self.assertFalse(mandate.is_acceptable)
        self.assertRegex(mandate.refusal, sentence)
        invoice = self._create_invoice(mandate.partner_id)
        self.assertEqual(self._debit_state(invoice), "refused")
        plan = self.env["gym.debit.plan"]
        self.assertFalse(plan._collectable(self._items(invoice), TODAY))
        return invoice

    def test_activating_tells(self):
        """A11: a mandate with wrong check digits is told when it is activated."""
        member = self._create_debtor("Dora Debit", mandate=False)
        mandate = self._create_mandate(member, iban=WRONG)
        action = mandate.action_activate()
        self.assertIn("account number", action["params"]["message"])
        self._assert_refused(mandate, "is wrong")

    def test_country_outside_sepa(self):
        """Case 08: SEPA does not reach Turkey."""
        self._assert_refused(self._debtor_at(TURKISH), "does not reach")

    def test_new_countries(self):
        """Case 08: Serbia belongs to SEPA since May 2026; its debits need addresses."""
        belgrade = {"city": "Beograd", "country_id": self.env.ref("base.rs").id}
        self.assertTrue(self._debtor_at(SERBIAN, **belgrade).is_acceptable)

    def test_address_outside_the_eea(self):
        """Case 08, A15: a Swiss account needs town and country, and gets usable by
        them."""
        mandate = self._debtor_at(SWISS, city=False, country_id=False)
        invoice = self._assert_refused(mandate, "needs the debtor's address")
        mandate.debtor_id.write(
            {"city": "Basel", "country_id": self.env.ref("base.ch").id}
        )
        self.assertTrue(mandate.is_acceptable)
        self.assertFalse(mandate.refusal)
        self.assertEqual(self._debit_state(invoice), "waiting")

    def test_old_version_has_no_address(self):
        """Kind 10: pain.008.001.02 collects from no account outside the EEA."""
        basel = {"city": "Basel", "country_id": self.env.ref("base.ch").id}
        mandate = self._debtor_at(SWISS, **basel)
        self.assertTrue(mandate.is_acceptable)
        self.company.debit_format = "pain.008.001.02"
        self._assert_refused(mandate, "pain.008.001.08")

    def test_account_corrected_later(self):
        """A11: a mandate follows its account, its name and its creditor."""
        mandate = self._debtor_at(IBAN)
        account = mandate.partner_bank_id
        self.assertTrue(mandate.is_acceptable)
        account.write({"allow_out_payment": False})
        account.acc_number = WRONG
        self.assertFalse(mandate.is_acceptable)
        account.acc_number = OTHER_IBAN
        self.assertTrue(mandate.is_acceptable)
        mandate.debtor_id.name = "山田"
        self.assertFalse(mandate.is_acceptable)
        account.acc_holder_name = "Yamada"
        self.assertTrue(mandate.is_acceptable)

    def test_creditor_without_identifier(self):
        """Kind 6: without the creditor's identifier no letter announces a debit."""
        mandate = self._debtor_at(IBAN)
        self.company.debit_creditor_identifier = False
        self._assert_refused(mandate, "no creditor identifier")
        self.assertIn("no creditor identifier", self._collect_wizard().warning)
        self.company.debit_creditor_identifier = CREDITOR_ID
        self.assertTrue(mandate.is_acceptable)

    def test_signed_in_the_future(self):
        """Kind 6: a mandate serves from the day of its signature."""
        mandate = self._debtor_at(IBAN)
        mandate.signature_date = TODAY + timedelta(days=1)
        invoice = self._create_invoice(mandate.partner_id)
        self.assertEqual(self._debit_state(invoice), "refused")
        tomorrow = TODAY + timedelta(days=1)
        self.assertEqual(self._debit_state(invoice, tomorrow), "waiting")

    def test_older_mandate_that_serves(self):
        """A11: of two mandates the one that banks take is used."""
        mandate = self._debtor_at(IBAN)
        self._create_mandate(mandate.partner_id, iban=WRONG)
        order = self._collect(self._create_invoice(mandate.partner_id))
        self.assertEqual(order.mandate_id, mandate)

    def test_collect_lists_it_in_the_batch(self):
        """Case 08: Collect makes the debit, the batch lists why it cannot leave."""
        mandate = self._debtor_at(TURKISH)
        self._create_invoice(mandate.partner_id)
        batch = self._collect_due()
        self.assertEqual(batch.refused_ids.mandate_id, mandate)
        self.assertIn("does not reach", batch.refused_ids.refusal)

    def test_refusal_of_one_debit_reads_one(self):
        """L8: showing one debit of a batch does not check the whole file."""
        self._members_who_owe(4)
        batch = self._collect_due()
        batch.invalidate_recordset()
        seen = []
        orders = type(self.env["gym.debit.order"])
        to_debits = orders._to_debits

        def count(records):
            seen.append(len(records))
            return to_debits(records)

        self.patch(orders, "_to_debits", count)
        self.assertFalse(batch.order_ids[0].with_prefetch().refusal)
        self.assertEqual(seen, [1])


class TestDebitMandateGate(MandateCommon):
    """What people may not write over the API (F6)."""

    def setUp(self):
        super().setUp()
        self.mandate = self._debtor_at(IBAN).with_env(self._clerk_env())

    def test_state_is_not_written(self):
        """F6: neither back to draft nor anywhere else."""
        for vals in (
            {"state": "draft"},
            {"state": "cancelled"},
            {"debtor_id": self.company.partner_id.id},
            {"creditor_id": self.company.id},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.mandate.write(vals)

    def test_not_created_active(self):
        """F6: no mandate begins active; without account nobody can make it so."""
        vals = {"partner_id": self.mandate.partner_id.id, "state": "active"}
        for env in (self.env, self._clerk_env()):
            with self.subTest(su=env.su), self.assertRaises(UserError):
                env["gym.debit.mandate"].create(vals)
        with self.assertRaises(UserError):
            self.env["gym.debit.mandate"].sudo().create(vals)

    def test_active_stays_complete(self):
        """F6: an active mandate keeps account and signature."""
        for name in ("partner_bank_id", "signature_date"):
            with self.subTest(name), self.assertRaises(UserError):
                self.mandate.write({name: False})

    def test_account_of_a_stranger(self):
        """F6: nobody is debited for somebody else; who pays for him may be."""
        stranger = self._create_member("Sam Stranger")
        account = self.env["res.partner.bank"].create(
            {"acc_number": OTHER_IBAN, "partner_id": stranger.id}
        )
        with self.assertRaisesRegex(ValidationError, "Sam Stranger"):
            self.mandate.partner_bank_id = account
        self.mandate.sudo().partner_id.payment_contact_id = stranger
        self.mandate.partner_bank_id = account
        self.assertEqual(self.mandate.partner_bank_id, account)

    def test_used_one_keeps_scheme_and_creditor(self):
        """F6: what a member signed for does not become something else."""
        self._create_invoice(self.mandate.partner_id)
        self._file()
        with self.assertRaisesRegex(ValidationError, "scheme cannot be changed"):
            self.mandate.scheme = "other"

    def test_buttons_work(self):
        """F6: what the buttons do, they still do for a clerk."""
        self.mandate.action_cancel()
        self.mandate.action_draft()
        self.mandate.action_activate()
        self.assertEqual(self.mandate.state, "active")


class TestDebitMandateOfContacts(MandateCommon):
    """Whose mandate serves whose items (kind 1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls._create_member("Firm", is_company=True, member_status_id=False)
        cls.ann, cls.ben = (
            cls._create_member(name, parent_id=cls.firm.id) for name in ("Ann", "Ben")
        )
        for contact in (cls.firm, cls.ann, cls.ben):
            contact.property_inbound_payment_method_line_id = cls.by_debit

    def test_colleague_does_not_pay(self):
        """Kind 1: Ann's account is not debited for what Ben was invoiced."""
        self._create_mandate(self.ann)
        self.assertEqual(self._debit_state(self._create_invoice(self.ann)), "waiting")
        self.assertEqual(
            self._debit_state(self._create_invoice(self.ben)), "no_mandate"
        )
        self.assertEqual(
            self._debit_state(self._create_invoice(self.firm)), "no_mandate"
        )

    def test_debtor_pays_for_all(self):
        """Kind 1: the firm's mandate serves all; a contact's own comes first."""
        firm = self._create_mandate(self.firm)
        own = self._create_mandate(self.ann, iban=OTHER_IBAN)
        invoices = [self._create_invoice(one) for one in (self.ann, self.ben)]
        items = self._items(*invoices)
        mandates = self.env["gym.debit.plan"]._mandates(items, TODAY)
        used = {items.browse(k).move_id.partner_id: v for k, v in mandates.items()}
        self.assertEqual(used, {self.ann: own, self.ben: firm})

    def test_account_of_the_debtor(self):
        """Kind 1: entered with a contact, but of the firm's account: the firm pays."""
        account = self.env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": self.firm.id}
        )
        mandate = self.env["gym.debit.mandate"].create(
            {
                "partner_id": self.ann.id,
                "partner_bank_id": account.id,
                "company_id": self.company.id,
                "signature_date": TODAY,
            }
        )
        mandate.action_activate()
        self.assertEqual(self._debit_state(self._create_invoice(self.ben)), "waiting")

    def test_two_mandates_of_one_debtor(self):
        """Kind 1: Collect makes a debit for each mandate, a credit is used once."""
        self._create_mandate(self.ann)
        self._create_mandate(self.ben, iban=OTHER_IBAN)
        self._create_invoice(self.ann, days=60, amount=100)
        self._create_invoice(self.ben, amount=50)
        self._create_invoice(self.firm, move_type="out_refund", amount=30)
        orders = self._collect_due().order_ids
        self.assertEqual(
            {order.mandate_id.partner_id: order.amount for order in orders},
            {self.ann: 70.0, self.ben: 50.0},
        )


class TestDebitAmendment(MandateCommon, SepaCase):
    """The bank is told once what has changed of a used mandate (case 14, M8)."""

    def setUp(self):
        super().setUp()
        self.mandate = self._debtor_at(IBAN)
        self.member = self.mandate.partner_id
        self._create_invoice(self.member)
        self.batch, content = self._file()
        self.assertFalse(self._amended(content))

    def _amended(self, content):
        root = self._read(content)
        details = root.find(".//AmdmntInfDtls")
        if details is None:
            self.assertIsNone(root.find(".//AmdmntInd"))
            return {}
        self.assertEqual(self._texts(root, "AmdmntInd"), ["true"])
        self.assertEqual(self._texts(root, "SeqTp"), ["RCUR"])
        return {
            "account": self._texts(root, "OrgnlDbtrAcct/Id/Othr/Id"),
            "reference": self._texts(root, "OrgnlMndtId"),
            "creditor": self._texts(root, "OrgnlCdtrSchmeId/Nm"),
            "identifier": self._texts(root, "OrgnlCdtrSchmeId//Othr/Id"),
        }

    def _next_file(self):
        self._create_invoice(self.member)
        batch, content = self._file()
        self._validate(self.company.debit_format, content)
        return batch, self._amended(content)

    def test_new_account_is_told_once(self):
        """M8: SMNDA in the first file after the change, in no later one."""
        self._pay_all(self.batch)
        self._new_account(self.mandate)
        batch, told = self._next_file()
        self.assertEqual(told["account"], ["SMNDA"])
        self.assertFalse(told["reference"] + told["creditor"] + told["identifier"])
        self._pay_all(batch)
        self.assertFalse(self._next_file()[1])

    def test_in_the_old_version(self):
        """M8: pain.008.001.02 says it as well, valid by its schema."""
        self.company.debit_format = "pain.008.001.02"
        self._new_account(self.mandate)
        self.assertEqual(self._next_file()[1]["account"], ["SMNDA"])

    def test_undone_export_has_told_nothing(self):
        """M8: the next file tells it again."""
        self._pay_all(self.batch)
        self._new_account(self.mandate)
        batch, told = self._next_file()
        batch.action_undo_export()
        self.assertFalse(batch.order_ids.told_iban)
        batch.action_cancel()
        batch, again = self._file()
        self.assertEqual(again and self._amended(again), told)

    def test_returned_debit_may_have_told_nothing(self):
        """M8: after a return it is told again: a rejected file comes back, too."""
        self._pay_all(self.batch)
        self._new_account(self.mandate)
        batch, told = self._next_file()
        batch.order_ids._set_returned(self.am04, TODAY)
        self.assertEqual(self._next_file()[1], told)

    def test_account_of_a_returned_debit(self):
        """M8: the mandate was under review, the member gave a new account."""
        ac01 = self.env.ref("gym_dunning.debit_return_ac01")
        self.batch.order_ids._set_returned(ac01, TODAY)
        self.assertEqual(self.mandate.state, "review")
        self._new_account(self.mandate)
        self.mandate.action_activate()
        self.assertEqual(self._next_file()[1]["account"], ["SMNDA"])

    def test_account_and_back(self):
        """M8: nothing is told of a change that was taken back before any debit."""
        self._pay_all(self.batch)
        former = self.mandate.partner_bank_id
        self._new_account(self.mandate)
        self.mandate.partner_bank_id = former
        self.assertFalse(self._next_file()[1])

    def test_number_corrected_on_the_account(self):
        """M8: the account stays the record, its number changes: told all the same."""
        self._pay_all(self.batch)
        self._change_account(self.batch.order_ids, OTHER_IBAN)
        self.assertEqual(self._next_file()[1]["account"], ["SMNDA"])

    def test_reference_and_creditor(self):
        """M8: reference, creditor identifier and creditor's name, with what they
        were."""
        reference = self.mandate.name
        self._pay_all(self.batch)
        name = self.company.name.replace("_", "-")  # as it is written
        self.company.write(
            {"name": "New Name", "debit_creditor_identifier": "DE79ZZZ00000000002"}
        )
        self.mandate.name = "NEW-1"
        told = self._next_file()[1]
        self.assertEqual(told["reference"], [reference])
        self.assertEqual(told["creditor"], [name])
        self.assertEqual(told["identifier"], [CREDITOR_ID])
        self.assertFalse(told["account"])

    def test_two_debits_of_one_mandate_in_a_file(self):
        """M8: the first of them tells it."""
        self._pay_all(self.batch)
        self._new_account(self.mandate)
        self._create_invoice(self.member)
        self._collect_due()
        self._create_invoice(self.member)
        batch, content = self._file()
        self.assertEqual(len(batch.order_ids), 2)
        count = len(etree.fromstring(content).findall(".//{*}AmdmntInd"))
        self.assertEqual(count, 1)
