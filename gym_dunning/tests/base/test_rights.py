"""Who may read, write and call what: an explicit table for every model."""

import inspect

from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method

from .common_centres import CentresCommon

MODULE = "gym_dunning"
# role: rights as letters of read, write, create, unlink
READ = {"reception": "", "clerk": "r", "manager": "r"}
SET_UP = {"reception": "", "clerk": "r", "manager": "rwcu"}
STATUS = {"reception": "r", "clerk": "r", "manager": "rwcu"}
WIZARD = {"reception": "", "clerk": "rwcu", "manager": "rwcu"}
MATRIX = {
    "gym.bank.holiday": SET_UP,
    "gym.dunning.profile": SET_UP,
    "gym.interest.rate": SET_UP,
    "gym.debit.batch": READ,
    "gym.debit.export": READ,
    "gym.debit.generate": WIZARD,
    "gym.debit.mandate": WIZARD,
    "gym.debit.move": WIZARD,
    "gym.debit.order": READ,
    "gym.debit.order.line": READ,
    "gym.debit.paid": WIZARD,
    "gym.debit.return.code": SET_UP,
    "gym.access.change": WIZARD,
    "gym.access.key": {"reception": "", "clerk": "", "manager": ""},
    "gym.activity.status": STATUS,
    "gym.agency.analysis": READ,
    "gym.agency.answer": WIZARD,
    "gym.agency.answer.row": WIZARD,
    "gym.agency.change": READ,
    "gym.agency.claim": READ,
    "gym.agency.export": READ,
    "gym.agency.generate": WIZARD,
    "gym.agency.handover": WIZARD,
    "gym.agency.handover.line": {"reception": "", "clerk": "rw", "manager": "rw"},
    "gym.agency.payment": READ,
    "gym.agency.report": WIZARD,
    "gym.case.customer": READ,
    "gym.case.analysis": READ,
    "gym.case.delete": WIZARD,
    "gym.case.generate": WIZARD,
    "gym.case.item.add": WIZARD,
    "gym.case.promise.replace": WIZARD,
    "gym.case.report": WIZARD,
    "gym.case.run": WIZARD,
    "gym.case.run.line": READ,
    "gym.client.status": STATUS,
    "gym.collection.agency": SET_UP,
    "gym.collection.assign": WIZARD,
    "gym.collection.team": SET_UP,
    "gym.collection.case": WIZARD,
    "gym.collection.case.item": {"reception": "", "clerk": "rwu", "manager": "rwu"},
    "gym.contract": {"reception": "r", "clerk": "rwcu", "manager": "rwcu"},
    "gym.contract.cancel": WIZARD,
    "gym.client.pause": WIZARD,
    "gym.contract.period": {"reception": "r", "clerk": "r", "manager": "r"},
    "gym.contract.subscription": {"reception": "r", "clerk": "rwcu", "manager": "rwcu"},
    "gym.debit.return": READ,
    "gym.debit.return.file": READ,
    "gym.debit.return.hand": WIZARD,
    "gym.debit.return.ignore": WIZARD,
    "gym.debit.return.import": WIZARD,
    "gym.debit.return.match": WIZARD,
    "gym.receivable.ageing": READ,
    "gym.receivable.ask": WIZARD,
    "gym.receivable.month": READ,
    "gym.receipt": READ,
    "gym.receipt.assign": WIZARD,
    "gym.receipt.assign.line": WIZARD,
    "gym.receipt.file": READ,
    "gym.receipt.ignore": WIZARD,
    "gym.receipt.import": WIZARD,
    "gym.receipt.line": READ,
    "gym.dunning.activate": {"reception": "", "clerk": "", "manager": "rwcu"},
    "gym.dunning.activation": SET_UP,
    "gym.dunning.cancel": WIZARD,
    "gym.dunning.consequence": READ,
    "gym.dunning.exclusion": READ,
    "gym.dunning.generate": WIZARD,
    "gym.dunning.hold": {"reception": "", "clerk": "rwc", "manager": "rwcu"},
    "gym.dunning.hold.create": WIZARD,
    "gym.dunning.level": SET_UP,
    "gym.dunning.occasion": READ,
    "gym.dunning.old.books": WIZARD,
    "gym.dunning.outcome": READ,
    "gym.dunning.policy": SET_UP,
    "gym.dunning.preview": {"reception": "", "clerk": "", "manager": "rwcu"},
    "gym.dunning.print": WIZARD,
    "gym.printout": WIZARD,
    "gym.dunning.reminder": {"reception": "", "clerk": "rwu", "manager": "rwu"},
    "gym.dunning.reminder.line": READ,
    "gym.dunning.run": WIZARD,
    "gym.dunning.what.if": WIZARD,
    "gym.dunning.what.if.line": WIZARD,
    "gym.dunning.why": WIZARD,
    "gym.dunning.run.summary": READ,
    "gym.member.answer": {"reception": "", "clerk": "rw", "manager": "rw"},
    "gym.member.answer.decide": WIZARD,
    "gym.member.event": READ,
    "gym.first.hour": {"reception": "", "clerk": "", "manager": "r"},
    "gym.member.status": STATUS,
    "gym.open.item": READ,
    "gym.process": READ,
    "gym.process.failure": READ,
    "gym.process.slice": READ,
    "gym.related.contact": WIZARD,
    "gym.renewal.generate": WIZARD,
    "gym.renewal.line": READ,
    "gym.renewal.notice": {"reception": "", "clerk": "ru", "manager": "ru"},
    "gym.renewal.notice.generate": WIZARD,
    "gym.renewal.notice.run": WIZARD,
    "gym.renewal.profile": SET_UP,
    "gym.renewal.run": WIZARD,
}
# What a debt manager has besides the rights of the reception.
DEBT_MANAGER = {
    "gym.case.customer": "r",
    "gym.case.analysis": "r",
    "gym.case.delete": "rwcu",
    "gym.case.generate": "rwcu",
    "gym.case.item.add": "rwcu",
    "gym.case.promise.replace": "rwcu",
    "gym.case.report": "rwcu",
    "gym.case.run": "rwcu",
    "gym.case.run.line": "r",
    "gym.collection.assign": "rwcu",
    "gym.collection.case": "rwcu",
    "gym.collection.case.item": "rwu",
    "gym.collection.team": "r",
    "gym.member.event": "r",
    "gym.open.item": "r",
    "gym.process": "r",
    "gym.process.failure": "r",
    "gym.process.slice": "r",
    "gym.related.contact": "rwcu",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

# Every method that may be called from outside, by model. A new one is added here
# after a thought about who may call it.
PUBLIC = {
    "gym.bank.import": {"action_import"},
    "gym.debit.batch": {
        "action_cancel",
        "action_download",
        "action_export",
        "action_leave_out",
        "action_move_date",
        "action_open_orders",
        "action_paid",
        "action_undo_export",
        "action_undo_paid",
    },
    "gym.debit.generate": {"action_confirm"},
    "gym.debit.mandate": {
        "action_activate",
        "action_cancel",
        "action_draft",
        "action_open_orders",
        "action_use_for_payments",
    },
    "gym.debit.move": {"action_confirm"},
    "gym.debit.order": {
        "action_cancel",
        "action_move",
        "action_open_batch",
        "action_open_debit_returns",
        "action_open_partner",
        "action_open_payments",
        "action_open_reminder",
        "action_put_into_batches",
        "action_returned",
        "action_take_out",
    },
    "gym.debit.paid": {"action_confirm"},
    "gym.process.owner": {
        "action_give_up",
        "action_resume",
        "action_retry_failed",
    },
    "account.move": {"action_open_collection_case", "action_open_reminders"},
    "gym.case.customer": {
        "action_add_case",
        "action_open_contact",
        "action_open_items",
    },
    "gym.case.delete": {"action_confirm"},
    "gym.case.generate": {"action_back"},
    "gym.case.item.add": {"action_confirm"},
    "gym.case.promise.replace": {"action_confirm"},
    "gym.list.report": {"action_export"},
    "gym.member.answer": {
        "action_dispute",
        "action_go_on",
        "action_open_partner",
        "action_open_reminder",
        "action_paid",
        "action_promise",
        "action_reopen",
        "action_reply",
    },
    "gym.member.answer.decide": {
        "action_confirm",
        "action_find_money",
        "action_replace",
    },
    "gym.member.event": {"action_open_record"},
    "gym.case.run": {
        "action_change_criteria",
        "action_open_cases",
    },
    "gym.case.run.line": {"action_leave_out", "action_open_case", "action_take_in"},
    "gym.access.change": {"action_confirm"},
    "gym.access.key": {"action_generate"},
    "gym.agency.answer": {"action_import"},
    "gym.agency.change": {"action_open_document"},
    "gym.agency.handover": {
        "action_confirm",
        "action_download_file",
        "action_export_changes",
        "action_open_changes",
        "action_open_lines",
        "action_print_list",
        "action_resend",
        "action_select_all",
        "action_select_none",
        "action_withdraw",
        "ready_figures",
    },
    "gym.agency.handover.line": {
        "action_deselect",
        "action_open_partner",
        "action_select",
        "action_withdraw",
    },
    "gym.collection.agency": {
        "action_forget_token",
        "action_generate_key",
        "receive_updates",
    },
    "gym.collection.assign": {"action_confirm"},
    "gym.collection.case": {
        "action_add_items",
        "action_complete",
        "action_delete",
        "action_open_case",
        "action_open_customers",
        "action_plan_activity",
        "action_reopen",
        "action_start",
    },
    "gym.collection.case.item": {"action_open_document"},
    "gym.contract": {
        "action_activate",
        "action_cancel",
        "action_end",
        "action_invoice_added",
        "action_open_invoices",
        "action_renew",
        "action_reopen",
    },
    "gym.contract.cancel": {"action_confirm"},
    "gym.contract.period": {"action_open_invoice", "action_take_back"},
    "gym.debit.return": {
        "action_book",
        "action_ignore",
        "action_match",
        "action_open_order",
        "action_restore",
    },
    "gym.debit.return.file": {"action_open_returns"},
    "gym.debit.return.hand": {"action_confirm"},
    "gym.debit.return.ignore": {"action_confirm"},
    "gym.debit.return.match": {"action_confirm"},
    "gym.receipt": {
        "action_assign",
        "action_book",
        "action_ignore",
        "action_match",
        "action_open_partner",
        "action_open_payments",
        "action_restore",
        "action_take_back",
    },
    "gym.receipt.assign": {"action_assign", "action_assign_next", "action_ignore"},
    "gym.receipt.file": {"action_open_receipts"},
    "gym.receipt.ignore": {"action_ignore"},
    "gym.dunning.activate": {"action_confirm", "action_open_items"},
    "gym.dunning.activation": {"action_activate", "action_deactivate"},
    "gym.client.pause": {"action_confirm"},
    "gym.dunning.cancel": {"action_confirm"},
    "gym.dunning.exclusion": {"action_take_back"},
    "gym.dunning.hold": {"action_release"},
    "gym.dunning.hold.create": {"action_confirm"},
    "gym.dunning.level": {"action_preview"},
    "gym.dunning.old.books": {
        "action_confirm",
        "action_import",
        "action_open_maybe_paid",
    },
    "gym.dunning.policy": {"action_open_scheduled_action", "action_try"},
    "gym.dunning.preview": {"action_letter", "action_send", "action_show"},
    "gym.dunning.print": {"action_confirm", "action_print"},
    "gym.dunning.reminder": {
        "action_ask_cancel",
        "action_cancel",
        "action_confirm_printed",
        "action_exclude",
        "action_not_printed",
        "action_open_answers",
        "action_open_document",
        "action_open_partner",
        "action_print",
        "action_print_queue",
        "action_send",
        "action_unblock",
        "action_waive_fee",
    },
    "gym.dunning.run": {
        "action_ask_cancel",
        "action_open_debits",
        "action_block_members",
        "action_cancel",
        "action_change_filters",
        "action_exclude_maybe_paid",
        "action_open_answers",
        "action_open_blocking",
        "action_open_exclusions",
        "action_open_maybe_paid",
        "action_open_outbox",
        "action_open_reminders",
        "action_open_sent",
        "action_open_to_print",
        "action_open_unassigned",
        "action_open_unassigned_statements",
        "action_open_undelivered",
        "action_print",
        "action_select_all",
        "action_select_none",
        "action_send",
    },
    "gym.dunning.what.if": {"action_compare", "action_replay", "action_take_over"},
    "gym.dunning.why": {"action_open_runs"},
    "gym.dunning.run.summary": {"action_open_reminders", "action_print"},
    "gym.first.hour": {"action_open"},
    "gym.overview": {
        "charts",
        "open_tile",
        "read_ageing",
        "read_received",
        "read_tile",
        "tiles",
    },
    "gym.open.item": {
        "action_create_case",
        "action_hold",
        "action_notify",
        "action_open_case",
        "action_open_case_customers",
        "action_open_document",
        "action_release",
    },
    "gym.process": {
        "action_cancel",
        "action_open_owner",
        "action_resume",
        "action_retry_failed",
    },
    "gym.process.failure": {"action_open_record", "action_retry"},
    "gym.receivable.ageing": {"action_print"},
    "gym.receivable.ask": {"action_open", "action_print"},
    "gym.receivable.month": {"action_print"},
    "gym.renewal.line": {
        "action_exclude",
        "action_open_contract",
        "action_take_back",
    },
    "gym.renewal.notice": {
        "action_confirm_printed",
        "action_open_contract",
        "action_open_letter",
        "action_print",
        "action_send_again",
    },
    "gym.renewal.notice.run": {
        "action_confirm_printed",
        "action_open_too_late",
        "action_print",
        "action_send_again",
    },
    "gym.renewal.run": {
        "action_change_filters",
        "action_open_contracts",
        "action_open_invoices",
        "action_print_invoices",
    },
    "gym.run.base": {
        "action_estimate",
        "action_generate",
        "action_discard",
        "action_open_documents",
    },
    "gym.run.wizard": {"action_continue"},
    "ir.attachment": {"action_download_document"},
    "mail.activity": {"action_carry_out", "action_open_activity"},
    "res.config.settings": {"action_example_letter", "action_open_dunning_policy"},
    "res.partner": {
        "action_hand_over",
        "action_open_agency_lines",
        "action_open_answers",
        "action_block_member",
        "action_gym_default_account",
        "action_hold_items",
        "action_open_collection_cases",
        "action_open_contracts",
        "action_open_debit_returns",
        "action_open_debits",
        "action_open_history",
        "action_open_items",
        "action_open_mandates",
        "action_open_reminders",
        "action_pause_reminders",
        "action_set_collection",
        "action_unblock_member",
        "action_why_not_reminded",
        "gym_check_access",
    },
}


class TestRightsTable(CentresCommon):
    """Access lines, record rules and public methods of the whole module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._user(role, cls.centre_a)
            for role in ("reception", "debt_manager", "clerk", "manager", "device")
        }

    def _touched_models(self):
        """Return the names of all models that the module makes or extends."""
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.model")]
        )
        return self.env["ir.model"].browse(data.mapped("res_id"))

    def _own_models(self):
        """Return the module's own models that hold rows."""
        return [
            model.model
            for model in self._touched_models()
            if model.model.startswith("gym.") and not self.env[model.model]._abstract
        ]

    def _rights(self, user, model):
        access = self.env["ir.model.access"].with_user(user)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if access.check(model, operation, raise_exception=False)
        )

    def test_table_knows_every_model(self):
        """Rights: a new model fails here until somebody decided who may use it."""
        self.assertEqual(set(self._own_models()), set(MATRIX))

    def test_rights_are_the_table(self):
        """Rights: reception, clerk and manager have what the table says."""
        for model, rights in MATRIX.items():
            for role, letters in rights.items():
                with self.subTest(model=model, role=role):
                    self.assertEqual(self._rights(self.roles[role], model), letters)

    def test_debt_manager_has_his_few(self):
        """G-19: a debt manager has the rights of the reception and his own."""
        user = self.roles["debt_manager"]
        for model, rights in MATRIX.items():
            with self.subTest(model=model):
                mine = DEBT_MANAGER.get(model, rights["reception"])
                self.assertEqual(self._rights(user, model), mine)

    def test_device_has_no_table(self):
        """E-15: an access device has rights on no model of the module."""
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertEqual(self._rights(self.roles["device"], model), "")
        self.assertEqual(self._rights(self.roles["device"], "res.partner"), "")

    def test_every_company_model_has_a_rule(self):
        """Rights: rows of a centre are hidden from others by a record rule."""
        for model in self._own_models():
            records = self.env[model]
            if "company_id" in records._fields and not records._transient:
                with self.subTest(model=model):
                    rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
                    self.assertTrue(rules)
                    self.assertIn("company_ids", "".join(rules.mapped("domain_force")))

    def _public_methods(self, model):
        """Return what our classes of a model add to its public methods."""
        __, *classes = type(self.env[model]).mro()
        package = f"odoo.addons.{MODULE}."
        ours = [cls for cls in classes if cls.__module__.startswith(package)]
        others = [cls for cls in classes if cls not in ours]
        names = {
            name
            for cls in ours
            for name, value in vars(cls).items()
            if inspect.isfunction(value)
            and not name.startswith("_")
            and not getattr(value, "_api_private", False)
        }
        return {name for name in names if not any(hasattr(cls, name) for cls in others)}

    def test_public_methods_are_known(self):
        """Rights: a new public method can be called by RPC; it is noticed here."""
        found = {
            model.model: methods
            for model in self._touched_models()
            if (methods := self._public_methods(model.model))
        }
        self.assertEqual(
            {name: methods for name, methods in found.items() if name != "gym.demo"},
            PUBLIC,
        )

    def test_helpers_are_not_callable(self):
        """Rights: what starts with an underscore is refused over RPC."""
        for model, method in (
            ("res.partner", "_gym_set_member_status"),
            ("gym.dunning.run", "_issue"),
            ("gym.dunning.reminder", "_mark_delivered"),
            ("gym.process", "_cron_run"),
            ("res.company", "_next_reminder_numbers"),
        ):
            with self.subTest(method=method):
                self.assertTrue(hasattr(self.env[model], method))
                with self.assertRaises(AccessError):
                    get_public_method(self.env[model], method)
                with self.assertRaises(AccessError):
                    call_kw(self.env[model], method, [[]], {})

    def test_reception_sees_no_debts(self):
        """Rights: reception knows who may enter, and nothing of money."""
        member = self._create_member("Kent Paul")
        self._create_invoice(member, company=self.centre_a)
        env = self._as(self.roles["reception"])
        self.assertTrue(member.with_env(env).access_granted)
        self.assertTrue(member.with_env(env).member_status_id.name)
        shown = {name for name in env["res.partner"].fields_get() if "dunning" in name}
        self.assertEqual(shown, {"dunning_policy_id"})
        for name in ("gym.open.item", "gym.dunning.reminder", "account.move"):
            with self.subTest(model=name), self.assertRaises(AccessError):
                env[name].search([])
        for method in ("action_block_member", "action_unblock_member"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(member.with_env(env), method)()
