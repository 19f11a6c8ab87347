from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base_iban.models.res_partner_bank import validate_iban

from .evidence import MAX_LINE, limited

REPORT = "gym_dunning.action_report_debit_mandate"


class GymMemberAnswer(models.Model):
    """A new bank account: a mandate that is signed on the page, and used once somebody
    has looked at it, or at once where the policy says so."""

    _inherit = "gym.member.answer"

    mandate_id = fields.Many2one(
        "gym.debit.mandate", readonly=True, index="btree_not_null", ondelete="set null"
    )
    holder = fields.Char(string="Account Holder", readonly=True)
    signature = fields.Char(
        string="Signed as", readonly=True, help="The name typed as a signature."
    )
    makes_account = fields.Boolean(
        readonly=True, help="The account was not known before this answer."
    )

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | {
            "mandate_id",
            "holder",
            "signature",
            "makes_account",
        }

    # === MAY IT BE GIVEN === #

    @api.model
    def _may_give_account(self, visit):
        """Tell whether the page offers to give an account: the policy lets it, and the
        creditor's debits leave the house."""
        creditor = visit.company.root_id
        return self.env["gym.page"]._may(visit, "mandate") and not (
            creditor._debit_reasons(creditor.debit_scheme)
        )

    @api.model
    def _payees(self, visit):
        """Return for whom the account is: who has something open, else the viewer."""
        items = self.env["gym.page"]._items(visit)
        owing = self._claimable(items).mapped(
            lambda item: item.invoiced_member_id or item.partner_id
        )
        return owing or visit.viewer

    @api.model
    def _mandate_to_sign(self, visit, person):
        """Return a mandate that is not saved: what its form says is signed."""
        return self.env["gym.debit.mandate"].new(
            {
                "partner_id": person.id,
                "company_id": visit.company.id,
                "scheme": visit.company.root_id.debit_scheme,
            }
        )

    # === TAKING === #

    @api.model
    def _take_account(self, visit, iban, holder, signature, evidence):
        """Take a new account with the mandate for it: one for each person who owes.

        :param iban: as typed
        :param holder: whose account it is
        :param signature: the name typed
        :return: the answers
        :raise UserError: the account cannot be debited, or a name is missing
        """
        self._check_new_form(evidence)
        if not self._may_give_account(visit):
            raise UserError(self.env._("Please call us to give a new account."))
        holder, signature = limited(holder, MAX_LINE), limited(signature, MAX_LINE)
        if not holder or not signature:
            raise UserError(
                self.env._("Enter the account holder, and your name as a signature.")
            )
        number = self._checked_iban(iban)
        self._replace_earlier(visit, "mandate")
        answers = self._of_office(visit).browse()
        for person in self._payees(visit):
            answers += self._take_mandate(
                visit, person, number, holder, signature, evidence
            )
        answers._keep_form()
        at_once = self.env["gym.page"]._policy(visit).page_mandate_at_once
        for answer in answers:
            answer._use_or_ask(at_once)
        return answers

    def _checked_iban(self, text):
        number = "".join(limited(text, 64).split()).upper()
        try:
            validate_iban(number)
        except ValidationError as error:
            raise UserError(
                self.env._(
                    "This IBAN is not right: a digit is missing or mistyped. Please"
                    " check it."
                )
            ) from error
        return number

    def _take_mandate(self, visit, person, number, holder, signature, evidence):
        mandate, is_new = self._draft_mandate(visit, person, number, holder)
        self._check_debtor(mandate)
        office = self._of_office(visit)
        return self._take(
            visit,
            "mandate",
            evidence,
            (person.commercial_partner_id, person),
            page_key=f"{evidence.key}-account-{person.id}",
            policy_id=self.env["gym.page"]._policy(visit).id,
            mandate_id=mandate.id,
            holder=holder,
            signature=signature,
            makes_account=is_new,
            said=office.env._(
                "New account %(account)s of %(holder)s, signed as %(name)s.",
                account=mandate._masked_account(),
                holder=holder,
                name=signature,
            ),
        )

    def _draft_mandate(self, visit, person, number, holder):
        """Return the mandate of the account, not in use, and whether the account is
        new."""
        office = self._of_office(visit)
        mandate = office.env["gym.debit.mandate"].create(
            {
                "partner_id": person.id,
                "company_id": visit.company.id,
                "signature_date": self._today(visit),
            }
        )
        owner = visit.viewer if mandate._may_pay(visit.viewer) else person
        known = self._known_account(office, owner, number)
        mandate.partner_bank_id = known or office.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": owner.id,
                "acc_holder_name": holder,
                # nothing is paid out to what nobody has looked at
                "allow_out_payment": False,
            }
        )
        return mandate, not known

    def _known_account(self, office, owner, number):
        accounts = office.env["res.partner.bank"].with_context(active_test=False)
        return accounts.search(
            [
                ("sanitized_acc_number", "=", number),
                ("partner_id", "=", owner.id),
            ],
            limit=1,
        )

    def _check_debtor(self, mandate):
        """Refuse what no bank of the scheme debits; an address that is missing is the
        office's to ask for."""
        found = {reason.code for reason in mandate._debtor_reasons()}
        if {code for code in found if code.startswith("debtor_iban")}:
            raise UserError(
                self.env._(
                    "Our bank cannot debit this account. Please give another one."
                )
            )

    def _keep_form(self):
        """Keep the signed form with the answer and the mandate, and mail it."""
        for answer in self:
            form = answer._form_file()
            copies = answer.env["ir.attachment"].create(
                [
                    {**form, "res_model": record._name, "res_id": record.id}
                    for record in (answer, answer.mandate_id)
                ]
            )
            told = answer._in_members_language()
            told._mail_member(
                told._reply_subject(),
                told.env._("This is your copy of the mandate that you signed."),
                copies[:1],
            )

    def _form_file(self):
        report = self.env.ref(REPORT)
        content, extension = report._render_qweb_pdf(report, self.mandate_id.ids)
        name = self.mandate_id.name.replace("/", "-")
        return {"name": f"{name}.{extension}", "raw": content}

    def _use_or_ask(self, at_once):
        if at_once and not self.mandate_id.refusal:
            self._accept()
            self.outcome_user_id = False
        else:
            self._plan_task(self.env._("New account: look at the mandate"))

    # === DECIDING === #

    def _accept_mandate(self):
        """Use the mandate: its gate ends the old one, and decides this answer."""
        # sudo: the clerk accepts the answer, the mandate follows
        mandate = self.mandate_id.sudo()
        if not mandate:
            raise UserError(
                self.env._(
                    "The mandate of %s was deleted. Refuse it.", self.display_name
                )
            )
        account = mandate.partner_bank_id
        account.write({"active": True, "acc_holder_name": self.holder})
        if mandate.state == "cancelled":
            mandate.action_draft()
        decided = mandate.with_user(self.env.user).with_context(gym_answers_back=True)
        decided.action_activate()
        if mandate.pays_otherwise:
            colleague = self._colleague()
            # sudo: as above, in the centres of the colleague
            mandate.with_user(colleague).sudo().action_use_for_payments()

    def _colleague(self):
        """Return who accepts: whoever does, else who is responsible; the payment method
        is set in the centres where he works."""
        if self.env.uid != SUPERUSER_ID:
            return self.env.user
        # sudo: who is responsible, whoever may read policies
        return self.policy_id.sudo().responsible_id._gym_first_present()

    def _undo_proposal(self):
        # EXTENDS: a refused mandate is used by nobody
        # sudo: as for accepting
        mandate = self.mandate_id.sudo().with_context(gym_answer_decides=True)
        if mandate.state in ("draft", "review"):
            mandate.action_cancel()
        others = mandate.search_count(
            [
                ("partner_bank_id", "=", mandate.partner_bank_id.id),
                ("id", "!=", mandate.id),
            ]
        )
        if self.makes_account and not others:
            mandate.partner_bank_id.active = False
        return super()._undo_proposal()

    def _note_mandate(self, state):
        """Decide what waited for this mandate, whoever has activated or cancelled it."""
        for answer in self.filtered(lambda one: one.state == "new"):
            account = answer.mandate_id._masked_account()
            if state == "active":
                text = answer.env._("Accepted: account %s is used.", account)
                answer._decide("accepted", text)
                answer._tell_of_use()
            else:
                text = answer.env._("Refused: the mandate was cancelled.")
                answer._decide("refused", text, state="refused")

    def _tell_of_use(self):
        """Tell the member, unless who accepts does so himself."""
        if not self.env.context.get("gym_answers_back"):
            self._answer_back(self._in_members_language()._accepted_sentence())
