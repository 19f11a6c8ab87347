from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

DEBTOR = ["partner_id", "company_id", "currency_id"]
SUMS = ["__count", "amount_residual:sum", "amount_residual_company:sum"]
NOTHING = (0, 0.0, 0.0)


def _condition(field, compare):
    """Return the domain `compare(expression of the field)`."""

    def to_sql(model, alias, query):
        return compare(model._field_to_sql(alias, field, query))

    return Domain.custom(to_sql=to_sql)


def _number_key(number):
    """10 comes after 9, and M10 after M9: shorter ones come first."""
    return SQL('(length(%(it)s), upper(%(it)s) COLLATE "C")', it=number)


def _number_bound(operator, number):
    wanted = _number_key(SQL("%s", number.strip()))
    return _condition(
        "member_number", lambda it: SQL("%s %s %s", _number_key(it), operator, wanted)
    )


def _name_from(start):
    return _condition("name", lambda it: SQL("lower(%s) >= lower(%s)", it, start))


def _name_to(end):
    """ "To C" means all names that begin with C, too."""
    return _condition(
        "name", lambda it: SQL("left(lower(%s), %s) <= lower(%s)", it, len(end), end)
    )


class GymCaseRun(models.Model):
    """Which open items and which cases a mass creation is about (G-82, G-83)."""

    _inherit = "gym.case.run"

    # === CRITERIA === #

    def _customer_domain(self):
        """Return which customers are meant (AMB-38)."""
        domain = self._range_domain()
        if self.customer_manager_id:
            domain &= Domain("debt_manager_id", "=", self.customer_manager_id.id)
        if self.category_ids:
            domain &= Domain("category_id", "child_of", self.category_ids.ids)
        if self.partner_ids:
            domain &= Domain("id", "in", self.partner_ids.commercial_partner_id.ids)
        return domain

    def _range_domain(self):
        domain = Domain.TRUE
        if self.number_from:
            domain &= _number_bound(SQL(">="), self.number_from)
        if self.number_to:
            domain &= _number_bound(SQL("<="), self.number_to)
        if self.name_from:
            domain &= _name_from(self.name_from.strip())
        if self.name_to:
            domain &= _name_to(self.name_to.strip())
        return domain

    def _free_items_domain(self):
        """Return which open items may be put into cases."""
        customers = self._customer_domain() & Domain(
            "collection_participation", "!=", "no"
        )
        domain = (
            Domain("company_id", "in", self.company_ids.ids)
            & Domain("partner_id", "any", customers)
            & self.env["gym.collection.case"]._unreserved_domain()
        )
        if self.due_from:
            domain &= Domain("date_maturity", ">=", self.due_from)
        if self.due_to:
            domain &= Domain("date_maturity", "<=", self.due_to)
        return domain

    def _cases_domain(self):
        return Domain("company_id", "in", self.company_ids.ids) & Domain(
            "partner_id.commercial_partner_id", "any", self._customer_domain()
        )

    # === PROPOSALS === #

    def _proposals(self):
        """Return the values of the summary's lines.

        What is free of a debtor goes to a case of his that is not started, if these
        are updated, else to a new one.
        """
        groups = self._free_groups()
        proposals = []
        if self.complete_collected:
            proposals += self._propose_completions()
        if self.update_not_started:
            proposals += self._propose_updates(groups)
        if self.create_new:
            proposals += [
                self._line_vals("create", debtor, figures)
                for debtor, figures in groups.items()
            ]
        return proposals

    def _free_groups(self):
        """Return count and sums of the free items by debtor, as ids."""
        domain = self._free_items_domain()
        if not self.per_branch:
            return self._groups(domain, DEBTOR)
        participation = "partner_id.collection_participation"
        whole = self._groups(domain & Domain(participation, "!=", "branch"), DEBTOR)
        return whole | self._groups(
            domain & Domain(participation, "=", "branch"),
            [*DEBTOR, "branch_partner_id"],
        )

    def _groups(self, domain, debtor):
        groups = {}
        for row in self.env["gym.open.item"]._read_group(domain, debtor, SUMS):
            partner, company, currency = (record.id for record in row[:3])
            branch = row[3].id if len(debtor) > 3 else False
            groups[partner, branch, company, currency] = row[len(debtor) :]
        return groups

    def _line_vals(self, action, debtor, figures, case=None):
        partner, branch, company, currency = debtor
        count, amount, amount_company = figures
        return {
            "action": action,
            "partner_id": partner,
            "branch_partner_id": branch,
            "company_id": company,
            "currency_id": currency,
            "case_id": case and case.id,
            "item_count": count,
            "amount": amount,
            "amount_company": amount_company,
        }

    def _propose_completions(self):
        cases = self.env["gym.collection.case"]._search_collected(self._cases_domain())
        return [
            self._line_vals(
                "complete",
                case._debtor(),
                (len(case.item_ids), case.amount_case, 0.0),
                case,
            )
            for case in cases
        ]

    def _propose_updates(self, groups):
        """Take what cases that are not started get out of the groups (G-86)."""
        cases = self._not_started()
        own = self._own_items(cases)
        refreshed = self._refreshed(cases)
        proposals = []
        for case in cases:
            mine, more = own.get(case, NOTHING), groups.pop(case._debtor(), NOTHING)
            if self._is_up_to_date(case, mine, more):
                continue
            action = "refresh" if case in refreshed else "replace"
            figures = tuple(map(sum, zip(mine, more, strict=True)))
            proposals.append(self._line_vals(action, case._debtor(), figures, case))
        return proposals

    def _not_started(self):
        return self.env["gym.collection.case"].search(
            self._cases_domain()
            & Domain(
                "partner_id.commercial_partner_id.collection_participation", "!=", "no"
            )
            & Domain("state", "=", "not_started"),
            order="id",
        )

    def _own_items(self, cases):
        """Return count and sums of what is open in each case, whenever it is due."""
        rows = self.env["gym.open.item"]._read_group(
            cases._own_items_domain(), ["case_id"], SUMS
        )
        return {case: figures for case, *figures in rows}

    def _refreshed(self, cases):
        """Return those that keep their code: people worked on them, or no new code
        can be drawn."""
        # sudo: a centre's manager does not see the holding, whose setting counts
        if self.company_id.sudo().root_id.case_code_typed:
            return cases
        return cases._worked_on()

    def _is_up_to_date(self, case, mine, more):
        """Tell whether a new case would be no other, or there would be none."""
        count, amount, __ = mine
        if not count and not more[0]:
            return True  # collected, or wholly reset to draft
        return (
            not more[0]
            and count == len(case.item_ids)
            and not case.currency_id.compare_amounts(amount, case.amount_debt)
            and case.date_start == self.date
            and case.debt_manager_id == self._manager_of(case)
        )

    def _manager_of(self, case):
        """Return who works a case from now on; nobody loses his for nobody."""
        return (
            self.debt_manager_id
            or case.partner_id.debt_manager_id
            or case.debt_manager_id
        )
