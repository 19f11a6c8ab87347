from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.gym_dunning.tools import born_by

from . import tokens

DEFAULT_DAYS = 60
# What the page reads of an item, in one query.
SHOWN = (
    "amount_residual",
    "company_id",
    "currency_id",
    "date_maturity",
    "debit_state",
    "hold_reason",
    "hold_until",
    "invoiced_member_id",
    "is_dunning_fee",
    "level_id",
    "member_id",
    "member_status_id",
    "move_id",
    "move_line_id",
    "next_level_id",
    "no_followup",
    "partner_id",
    "policy_id",
    "reminder_date_due",
    "reminder_delivery_state",
    "reminder_id",
    "stopped_by",
)
SHOWN_OF_PERSON = (
    "active",
    "birthdate_date",
    "commercial_partner_id",
    "gym_link_counter",
    "is_company",
    "lang",
    "member_number",
    "name",
    "parent_id",
)
SHOWN_OF_COMPANY = (
    "active",
    "dunning_auto_unblock",
    "name",
    "parent_id",
    "parent_path",
    "partner_id",
    "primary_color",
    "uses_default_logo",
)


class Visit(NamedTuple):
    """Who looks at the page, and for whom."""

    # with superuser rights: who has the link sees what it is about, and nothing else
    people: object  # res.partner: whose debts the page shows, `viewer` first
    company: object  # res.company: to whom they are owed
    viewer: object  # res.partner: whose link it is, the member, guardian or payer
    purpose: str  # how the link came, see `tokens.PURPOSES`
    is_known: bool  # said a birth date or member number, or is logged in
    # what the forms of the page post to; None: nothing may be posted (a preview). In
    # /my/gym it is made for the occasion.
    token: str | None

    @property
    def url(self):
        """Return the address of the page."""
        return f"/gym/{self.token}" if self.token else "#"


class GymPage(models.AbstractModel):
    """The page of a member, guardian or payer: what letters to them would claim."""

    _name = "gym.page"
    _description = "Member's Page"

    # === LINK === #

    @api.model
    def _of_token(self, token):
        """Return the visit that a link allows, as a stranger's.

        :return: None if it is forged, has expired or was withdrawn, or its person is
            gone: all alike
        """
        # sudo: the visitor has no rights, the signed link says what may be shown
        page = self.sudo()
        claims = tokens.read(page.env, token or "")
        if not claims:
            return None
        viewer, company = page._who_and_whom(claims)
        if not viewer.active or not company.active:
            return None
        page = page._of(company)
        visit = page._visit_of(viewer, company, claims.purpose, token=token)
        return visit if page._is_in_force(claims, visit) else None

    @api.model
    def _gone(self, token):
        """Return the creditor of a link that is still to hold, but whose person was
        merged, archived or deleted; None for any other."""
        # sudo: see `_of_token`
        page = self.sudo()
        claims = tokens.read(page.env, token or "")
        if not claims or claims.last_day < page._day():
            return None
        viewer, company = page._who_and_whom(claims)
        if viewer.active or not company.active:
            return None
        # withdrawn as well: nothing is told
        is_withdrawn = viewer and claims.counter != viewer.gym_link_counter % 2**16
        return None if is_withdrawn else company

    @api.model
    def _who_and_whom(self, claims):
        """Return person and company of a link, as far as they are still there."""
        everything = self.with_context(active_test=False).env
        who = [("id", "=", claims.partner_id)]
        whom = [("id", "=", claims.company_id)]
        viewer = everything["res.partner"].search_fetch(who, SHOWN_OF_PERSON)
        company = everything["res.company"].search_fetch(whom, SHOWN_OF_COMPANY)
        return viewer.with_env(self.env), company.with_env(self.env)

    @api.model
    def _of(self, company):
        """Return the page at the company: on its day, and in no other; the visitor is
        nobody, who has neither place nor company."""
        zone = company.sudo().partner_id.tz  # sudo: see `Visit`
        return self.with_context(tz=zone or "UTC", allowed_company_ids=company.ids)

    @api.model
    def _visit_of(self, viewer, company, purpose, is_known=False, token=None):
        """Return the visit of a person who asks about what is owed to a company."""
        # sudo: see `Visit`
        viewer, company = viewer.sudo(), company.sudo()
        people = viewer.with_env(self.env)._gym_page_people()
        return Visit(people, company, viewer, purpose, is_known, token)

    @api.model
    def _is_in_force(self, claims, visit):
        """Tell whether a link still opens: it was not withdrawn, and its last day is to
        come, or something is open that was there by then."""
        if claims.counter != visit.viewer.gym_link_counter % 2**16:
            return False
        if claims.last_day >= self._day():
            return True
        old = Domain("move_id.date", "<=", claims.last_day)
        owed = Domain("amount_residual", ">", 0) & old
        return bool(
            self.env["gym.open.item"].search_count(
                self._items_domain(visit) & owed, limit=1
            )
        )

    @api.model
    def _last_day(self, company, policy=None):
        """Return the last day of a link that is made now.

        :param policy: None: what the company goes by
        """
        # sudo: how long links hold is no secret
        policies = self.env["gym.dunning.policy"].sudo()
        policy = policy.sudo() if policy else policies._for_company(company)
        days = policy.page_days if policy else DEFAULT_DAYS
        return self._day() + relativedelta(days=max(days, 1))

    @api.model
    def _day(self):
        """Return the day that is asked about, else today."""
        return self.env["gym.open.item"]._date()

    # === WHAT IS OPEN === #

    @api.model
    def _items(self, visit):
        """Return what letters to these people would claim for this creditor, credits
        included, in the order in which money clears it."""
        # sudo: see `Visit`
        ledger = self.env["gym.open.item"].sudo()
        # the ledger chooses its shape once it knows what is read, and is not to ask
        # for all of it before
        items = ledger._amounts_only().search_fetch(self._items_domain(visit), SHOWN)
        return items.with_env(ledger.env)._clearing_order()

    @api.model
    def _items_domain(self, visit):
        """Return whose items are shown: those that are written about to these people,
        owed to this company."""
        return self._written_to(visit.people) & Domain(
            "company_id", "=", visit.company.id
        )

    @api.model
    def _written_to(self, people):
        """Return the items about which letters go to these people."""
        ids = people.ids
        debtors = Domain("partner_id", "in", people.commercial_partner_id.ids)
        own = Domain("partner_id", "in", ids) & Domain("invoiced_member_id", "=", False)
        return debtors & (own | Domain("invoiced_member_id", "in", ids))

    @api.model
    def _creditors(self, viewer):
        """Return the companies to whom something is owed on this person's pages."""
        # sudo: what is theirs, without any rights
        items = self.env["gym.open.item"].sudo()
        people = viewer.sudo()._gym_page_people()
        rows = items._read_group(self._written_to(people), ["company_id"])
        companies = self.env["res.company"].sudo().union(*(one for (one,) in rows))
        return companies.sorted(lambda one: (one.sequence, one.id))

    @api.model
    def _count_of(self, viewer):
        """Return how many items are open on this person's pages."""
        # sudo: as above
        items = self.env["gym.open.item"].sudo()
        people = viewer.sudo()._gym_page_people()
        return items.search_count(self._written_to(people))

    # === WHAT MAY BE DONE === #

    @api.model
    def _policy(self, visit, item=None):
        """Return the policy that an item, or what the company does, goes by; it may be
        empty."""
        if item:
            return item.policy_id
        # sudo: what the page may do is no secret
        return self.env["gym.dunning.policy"].sudo()._for_company(visit.company)

    @api.model
    def _may(self, visit, what, item=None):
        """Tell whether the policy lets members do something on the page.

        :param what: `pay`, `promise`, `dispute` or `mandate`
        """
        policy = self._policy(visit, item)
        # without a policy nobody set anything: paying is always welcome
        return policy[f"page_{what}"] if policy else what == "pay"

    # === FOR WHOM === #

    @api.model
    def _minors_domain(self):
        """Return who is a minor on that day."""
        return Domain("birthdate_date", ">", born_by(self._day()))
