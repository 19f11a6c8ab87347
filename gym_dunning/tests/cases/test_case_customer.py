"""One customer with all cases: figures, ageing, and the ways to get there."""

from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, users

from ..base.common import TODAY
from .common_case import CaseCommon

QUERY = "odoo.addons.gym_dunning.models.cases.gym_case_customer_query"
SUMS = ("amount_balance", "amount_overdue", "open_credit", "open_60", "open_90")
# What may be asked, of contacts and of sums.
DOMAINS = (
    [("partner_id", "ilike", "Kent")],
    [("partner_id.name", "ilike", "Lane"), ("amount_balance", "!=", 0)],
    [("debt_manager_id", "!=", False), ("amount_overdue", ">", 0)],
    [("company_id", "!=", False)],
    ["|", ("partner_id", "ilike", "Lane"), ("amount_overdue", ">", 1000)],
    ["!", "|", ("partner_id", "ilike", "Paul"), ("amount_overdue", "=", 0)],
    ["&", "!", ("amount_overdue", ">", 1000), ("partner_id", "ilike", "Kent")],
    ["!", "&", ("partner_id", "ilike", "Lane"), ("amount_overdue", "=", 0)],
    [("collection_participation", "=", "no"), ("open_60", ">", 0)],
)


class TestCaseCustomer(CaseCommon):
    """Laura owes 534.96 since 60 days and 1148.14 since 30."""

    def _customer(self, partner=None):
        customers = self.env["gym.case.customer"].with_context(dunning_date=TODAY)
        return customers.browse((partner or self.laura).id)

    def _open(self, action):
        return self.env[action["res_model"]].browse(action["res_id"])

    # === FIGURES === #

    @users("debt.manager")
    def test_figures(self):
        """G-74 to G-75f: balance, overdue, open debits and credits apart, turnover,
        payment term and manager, for who has no rights in accounting."""
        laura = self.laura.sudo()
        laura.property_payment_term_id = self.pay_terms_b
        self._create_invoice(laura, days=-5, amount=100.0)
        paid = self._create_invoice(laura, amount=40.0)
        self._pay(paid.sudo(), amount=45.0)
        self._credit(laura, 25.0)
        self.assertRecordValues(
            self._customer(),
            [
                {
                    "partner_id": laura.id,
                    "amount_balance": 1753.10,
                    "amount_overdue": 1683.10,
                    "open_debit": 1783.10,
                    "open_credit": -30.0,
                    "amount_turnover": 1798.10,
                    "payment_term_id": self.pay_terms_b.id,
                    "debt_manager_id": self.manager.id,
                    "currency_id": self.company.currency_id.id,
                }
            ],
        )

    def _credit(self, partner, amount):
        return self._create_invoice(partner, amount=amount, move_type="out_refund")

    @users("debt.manager")
    def test_groups_are_summed_up(self):
        """G-75: grouped by manager, the sums are those of the rows."""
        other = self._create_member("Kent Paul")
        self._create_invoice(other, days=40, amount=70.0)
        customers = self._customer().browse()
        mine = [("id", "in", (self.laura | other).ids)]
        rows = customers.search(mine)
        rows = rows.grouped("debt_manager_id")
        self.assertGreater(len(rows), 1)
        sums = ["amount_balance:sum", "amount_overdue:sum", "open_60:sum", "__count"]
        for manager, *found in customers._read_group(mine, ["debt_manager_id"], sums):
            expected = rows[manager]
            self.assertEqual(
                found,
                [
                    sum(expected.mapped("amount_balance")),
                    sum(expected.mapped("amount_overdue")),
                    sum(expected.mapped("open_60")),
                    len(expected),
                ],
            )

    def test_balance_is_that_of_the_books(self):
        """G-75a: the balance is the receivable of Odoo."""
        self._credit(self.laura, 25.0)
        self.assertEqual(self._customer().amount_balance, self.laura.credit)

    def test_ageing(self):
        """G-76: open debits in intervals of 30 days, at the days where they change."""
        member = self._create_member("Kent Paul")
        for amount, days in enumerate((-1, 0, 1, 30, 31, 60, 61, 90, 91, 120, 121), 1):
            self._create_invoice(member, days=days, amount=2.0**amount)
        self._credit(member, 5000.0)
        customer = self._customer(member)
        bars = [(bar["label"], bar["amount"]) for bar in customer.ageing]
        self.assertEqual(
            bars,
            [
                ("Not Due", 2.0 + 4.0),
                ("1-30 Days", 8.0 + 16.0),
                ("31-60 Days", 32.0 + 64.0),
                ("61-90 Days", 128.0 + 256.0),
                ("91-120 Days", 512.0 + 1024.0),
                ("Over 120 Days", 2048.0),
            ],
        )
        self.assertEqual(sum(amount for __, amount in bars), customer.open_debit)
        later = customer.with_context(dunning_date=TODAY + timedelta(days=365))
        self.assertEqual(later.open_more, customer.open_debit)

    def test_payments_are_seen_at_once(self):
        """G-75: figures are read, never remembered."""
        before = self._customer().search([("id", "=", self.laura.id)])
        self.assertEqual(before.amount_overdue, 1683.10)
        self._pay(self.old)
        after = self._customer().search([("id", "=", self.laura.id)])
        self.assertEqual(after.amount_overdue, 1148.14)

    def test_other_currency(self):
        """G-75: a debt in another currency counts in that of the company."""
        member = self._create_member("Kent Paul")
        foreign = self.setup_other_currency("EUR")
        invoice = self._create_invoice(member, currency_id=foreign.id)
        line = self._receivable(invoice)
        self.assertNotEqual(line.amount_residual, line.amount_residual_currency)
        self.assertEqual(self._customer(member).open_debit, line.amount_residual)

    # === CASES === #

    def test_all_cases(self):
        """G-77a, G-77b, G-78a: all that have run are listed, each can be opened."""
        done, runs = self._create_case(), self._create_case()
        done._set_state("completed")
        of_others = self._create_case(self._create_member("Kent Paul"))
        customer = self._customer().with_user(self.manager)
        self.assertEqual(set(customer.case_ids.ids), {done.id, runs.id})
        self.assertEqual((customer.case_count, customer.running_count), (2, 1))
        self.assertNotIn(of_others, customer.case_ids)
        self.assertEqual(self._open(done.action_open_case()), done)

    def test_add(self):
        """G-78b: Add opens the form of a case of this customer."""
        action = self._customer().action_add_case()
        cases = self.env[action["res_model"]].with_context(**action["context"])
        with Form(cases) as form:
            self.assertEqual(form.partner_id, self.laura)
            self.assertEqual(form.debt_manager_id, self.manager)
        self.assertIn(form.record, self._customer().case_ids)

    def test_branches_belong_to_the_customer(self):
        """G-74: a case of an address is one of the customer."""
        office = self._create_member("Kent Office", parent_id=self.laura.id)
        case = self._create_case(office)
        self.assertIn(case, self._customer().case_ids)
        self.assertEqual(self.laura.collection_case_count, 1)
        self.assertEqual(self._open(case.action_open_customers()).id, self.laura.id)

    def test_list_of_customers(self):
        """G-74: the menu lists who owes and takes part, and who has a case."""
        idle = self._create_member("Kent Idle")
        apart = self._create_member("Kent Apart", collection_participation="no")
        self._create_invoice(apart)
        worked = self._create_member("Kent Worked")
        self._create_case(worked)
        action = self.env.ref("gym_dunning.gym_case_customer_action")
        found = self.env["gym.case.customer"].search(literal_eval(action.domain))
        self.assertIn(self.laura, found.partner_id)
        self.assertIn(worked, found.partner_id)
        self.assertFalse((idle | apart) & found.partner_id)

    def test_pages_of_the_list(self):
        """G-74: pages in a row are the sorted list, each with the count of all, in
        whatever order and with the customer's own sums."""
        people = self.laura
        for number in range(5):
            people += self._create_member(f"Kent {number}")
            self._create_invoice(people[-1], days=40, amount=70.0)
        customers = self._customer().browse()
        mine = [("id", "in", people.ids)]
        for order in (None, "amount_overdue", "partner_id DESC", "running_count DESC"):
            with self.subTest(order):
                sums = {"partner_id": {}, "amount_overdue": {}}
                rows = []
                for offset in range(0, len(people), 2):
                    page = customers.web_search_read(
                        mine, sums, offset=offset, limit=2, order=order
                    )
                    self.assertEqual(page["length"], len(people))
                    rows += page["records"]
                own = "amount_overdue desc, id"
                every = customers.search(
                    mine, order=f"{order}, {own}" if order else own
                )
                self.assertEqual(rows, every.web_read(sums))
        few = customers.web_search_read(mine, {}, limit=2, count_limit=4)
        self.assertEqual(few["length"], 4)
        nobody = customers.web_search_read([("id", "=", 0)], {}, limit=2)
        self.assertEqual(nobody, {"length": 0, "records": []})

    def test_few_have_the_sums_of_all(self):
        """G-74: whoever is asked for by name, manager or centre has the figures of the
        whole list, and who is found does not depend on how it is asked."""
        office = self._create_member("Kent Office", parent_id=self.laura.id)
        self._create_case(office)
        other = self._create_member("Kent Paul", collection_participation="no")
        self._create_invoice(other, days=40, amount=70.0)
        own = self._create_member("Lane Ann", company_id=self.company.id)
        self._credit(own, 25.0)
        names = ["partner_id", "case_count", "running_count", *SUMS]
        for domain in DOMAINS:
            with self.subTest(domain):
                found = [self._rows(domain, names)]
                with patch(f"{QUERY}.FEW_CUSTOMERS", -1):
                    found.append(self._rows(domain, names))
                self.assertEqual(*found)
                rows, __ = found[0]
                self.assertTrue(rows)

    def _rows(self, domain, names):
        customers = self._customer().browse().with_user(self.manager)
        rows = customers.search_read(domain, names, order="id")
        pages = customers.web_search_read(
            domain, {name: {} for name in names[1:]}, limit=len(rows) + 1
        )
        self.assertEqual(pages["length"], len(rows))
        groups = customers._read_group(
            domain, ["debt_manager_id"], ["__count", "amount_balance:sum"]
        )
        self.assertEqual(sum(count for __, count, __ in groups), len(rows))
        return rows, groups

    def test_few_are_asked_for_alone(self):
        """G-74: for the customers of a manager nobody else's items are summed up."""
        self._create_invoice(self._create_member("Kent Paul"), days=40, amount=70.0)
        customers = self._customer().browse()
        mine = [("debt_manager_id", "=", self.manager.id)]
        sql = customers._search(mine).select().code
        self.assertIn("item.partner_id = ANY", sql)
        everybody = customers._search([("amount_overdue", ">", 0)]).select().code
        self.assertNotIn("item.partner_id = ANY", everybody)

    # === WAYS === #

    @users("debt.manager")
    def test_ways_to_the_screen(self):
        """G-79 to G-80b: from a case, the list of cases, open payments, the contact;
        several customers make a list. G-20: and back to the contact."""
        laura = self.laura.with_env(self.env)
        case = self._create_case().with_env(self.env)
        items = self.env["gym.open.item"].search([("partner_id", "=", laura.id)])
        for action in (
            case.action_open_customers(),
            laura.action_open_collection_cases(),
            items.action_open_case_customers(),
        ):
            self.assertEqual(self._open(action).partner_id, laura)
        paul = self._create_member("Kent Paul")
        both = case | self._create_case(paul).with_env(self.env)
        action = both.action_open_customers()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.partner_id, laura | paul)
        customer = self._open(case.action_open_customers())
        self.assertEqual(self._open(customer.action_open_contact()), laura)

    def test_actions_in_the_menus_of_lists(self):
        """G-80a, G-80b: the lists of cases and of open payments offer the screen."""
        actions = self.env["ir.actions.actions"].with_user(self.manager)
        for model, names in {
            "gym.collection.case": {"Customer Cases"},
            "gym.open.item": {"Customer Collection Cases", "Create Collection Case"},
        }.items():
            offered = {one["name"] for one in actions.get_bindings(model)["action"]}
            self.assertLessEqual(names, offered)

    def test_manager_on_the_finance_page(self):
        """G-08, G-13, G-29: participation and manager stand on the customer's
        invoicing page."""
        form = self.env["res.partner"].get_view(
            self.env.ref("base.view_partner_form").id, "form"
        )["arch"]
        page = form[form.index('name="accounting"') :]
        self.assertIn("gym_collection_finance", page)
        group = page[page.index("gym_collection_finance") :]
        self.assertIn('name="debt_manager_id"', group[:900])

    # === FROM OPEN PAYMENTS === #

    def _items(self, invoices):
        return self.env["gym.open.item"].search([("move_id", "in", invoices.ids)])

    def _cases_of(self, action):
        cases = self.env["gym.collection.case"]
        if action.get("res_id"):
            return cases.browse(action["res_id"])
        return cases.search(action["domain"])

    @users("debt.manager")
    def test_case_of_selected_items(self):
        """G-80b: a case with exactly the selected items, one for each customer."""
        case = self._cases_of(self._items(self.old).action_create_case())
        self.assertEqual(case.partner_id, self.laura)
        self.assertEqual(case.item_ids.move_id, self.old)
        paul = self._create_member("Kent Paul")
        his = self._create_invoice(paul) + self._create_invoice(paul)
        cases = self._cases_of(self._items(his + self.new).action_create_case())
        by_customer = {one.partner_id: one.item_ids.move_id for one in cases}
        self.assertEqual(by_customer, {paul: his, self.laura: self.new})

    def test_items_that_are_not_free(self):
        """G-80b, G-49: an item in a case, a credit and a paid one are refused by
        name, and no case is made."""
        self._add(self._create_case(), self.old)
        credit = self._credit(self.laura, 5.0)
        before = self.laura.collection_case_count
        for invoice, reason in (
            (self.old, "already in a collection case"),
            (credit, "is a credit"),
        ):
            items = self._items(invoice | self.new)
            with (
                self.assertRaisesRegex(UserError, f"{invoice.name}.*{reason}"),
                self.env.cr.savepoint(),
            ):
                items.action_create_case()
        paid = self._items(self.new)
        self._pay(self.new)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            paid.action_create_case()
        self.env.invalidate_all()
        self.assertEqual(self.laura.collection_case_count, before)

    # === TAKING PART === #

    def test_no_part_no_case(self):
        """G-10: who takes no part gets no case, neither by hand nor by change."""
        apart = self._create_member("Kent Apart", collection_participation="no")
        invoice = self._create_invoice(apart)
        with self.assertRaisesRegex(ValidationError, "Kent Apart does not take part"):
            self._create_case(apart)
        with self.assertRaisesRegex(ValidationError, "Kent Apart does not take part"):
            self._items(invoice).action_create_case()
        case = self._create_case()
        with self.assertRaisesRegex(ValidationError, "Kent Apart does not take part"):
            case.partner_id = apart

    def _with_branches(self):
        """Make Laura a customer of two branches, each with an invoice."""
        self.laura.collection_participation = "branch"
        branches = [
            self._create_member(f"Kent {place}", parent_id=self.laura.id)
            for place in ("North", "South")
        ]
        north = self._create_invoice(branches[0], amount=30.0)
        delivered = {"partner_shipping_id": branches[1].id}
        south = self._create_invoice(self.laura, amount=50.0, **delivered)
        return dict(zip(branches, (north, south), strict=True))

    def test_case_for_each_branch(self):
        """G-09, AMB-37: two branches are two cases, each with its own items; without
        a branch there is what belongs to none."""
        owed = self._with_branches()
        for branch, invoice in owed.items():
            case = self._create_case(branch_partner_id=branch.id)
            self.assertEqual(case._free_items().move_id, invoice)
        self.assertEqual(self._create_case()._free_items().move_id, self.old | self.new)

    def test_branches_of_selected_items(self):
        """G-09, G-80b: items of two branches and of none make three cases."""
        owed = self._with_branches()
        north, south = owed
        everything = self._items(owed[north] | owed[south] | self.old)
        cases = self._cases_of(everything.action_create_case())
        self.assertEqual(
            {case.branch_partner_id: case.item_ids.move_id for case in cases},
            {north: owed[north], south: owed[south], north.browse(): self.old},
        )

    def test_branch_of_somebody_else(self):
        """G-09: only an address of the customer is a branch."""
        stranger = self._create_member("Kent Paul")
        for branch in (stranger, self.laura):
            with self.assertRaisesRegex(
                ValidationError, "is not a branch of Kent Laura"
            ):
                self._create_case(branch_partner_id=branch.id)

    def test_manager_who_left_is_told(self):
        """Faults: the form says that the manager is archived; the filters find it."""
        case = self._create_case()
        self.assertFalse(case.is_manager_gone)
        self.manager.active = False
        case.invalidate_recordset()
        self.assertTrue(case.is_manager_gone)
