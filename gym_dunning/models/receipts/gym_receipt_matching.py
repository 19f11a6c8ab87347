import re
from typing import NamedTuple

from odoo import api, models

from ..ledger.clearing import shares_of
from .found import BY_REFERENCE, Found
from .matching import fits

# The digits of a member number by themselves may be anything.
SURE_NUMBER = re.compile(r"[A-Z]")


class Match(NamedTuple):
    """What a receipt is: whose, which items it pays, and how that was found."""

    state: str = "unmatched"
    reason: str = ""
    message: str = ""
    partner_id: int | bool = False
    shares: tuple = ()
    reversed_id: int | bool = False
    # the payment of the same amount by which, perhaps, what was named is paid
    twin_id: int | bool = False


class GymReceiptMatching(models.AbstractModel):
    """Whose money is it? First what the payer wrote, then what is known of him.

    What is found by a reference or a number of ours is certain; an account or a name
    with a fitting amount is proposed. The number of queries does not depend on how
    many receipts there are.
    """

    _name = "gym.receipt.matching"
    _description = "Matching of Receipts"

    @api.model
    def _match_vals(self, vals_list, journal, receipts=None, on_statement=False):
        """Return a `Match` for each, None for those that are put aside already.

        :param vals_list: what the bank says of each, as `gym.receipt` keeps it
        :param receipts: those that are matched again, if any
        :param on_statement: it stands in the bank's statement, and payments that wait
            for one may be the same money, whoever made them
        """
        open_vals = [vals for vals in vals_list if vals.get("state") != "ignored"]
        found = self._search_all(open_vals, journal, receipts, on_statement)
        by_key = {vals["key"]: self._match_one(vals, found) for vals in open_vals}
        return [by_key.get(vals["key"]) for vals in vals_list]

    # === SEARCHING === #
    # All at once, for all receipts.

    def _search_all(self, vals_list, journal, receipts, on_statement):
        """Return all that may be needed, as a `Found`."""
        # sudo: the bank's entry is about whoever it names, in whatever centre
        companies = journal.sudo().company_id
        companies = companies.search([("id", "child_of", companies.id)])
        found = Found(self.sudo(), journal, companies)
        found.load(vals_list, receipts, on_statement)
        return found

    # === ONE RECEIPT === #

    def _match_one(self, vals, found):
        if vals["doubt"]:
            return Match(message=vals["doubt"])
        if vals["is_taken_back"]:
            return self._match_taken_back(vals, found)
        named = found.named_by(vals)
        if named:
            return self._match_documents(vals, named, found)
        if persons := found.numbered_by(vals):
            return self._match_persons(vals, persons, found)
        return self._propose(vals, found)

    def _match_documents(self, vals, named, found):
        """Pay the documents that the payer names, else what is open of their debtor."""
        reason = self._reason_of(named[0])
        lines = {id for one in named for id in one.line_ids}
        items = found.items_of_lines(lines, vals)
        if not items:
            persons = {one.person_id for one in named}
            return self._match_rest(vals, persons, reason, found)
        return self._settled(vals, items, reason, found)

    def _match_rest(self, vals, persons, reason, found):
        """What was named is paid, or was cancelled: pay what else is open."""
        if len(persons) > 1:
            return Match("proposed", reason, self._several_sentence())
        (person,) = persons
        debtor = found.debtor_of(person)
        twin = found.booked_before(vals, {debtor})
        if items := found.items_of_person(person, vals):
            match = self._settled(vals, items, reason, found)
        else:
            message = self.env._("Nothing is open: it would stay as a credit.")
            message = self._twin_sentence(twin) if twin else message
            match = Match("proposed", reason, message, debtor)
        return match._replace(twin_id=twin.id) if twin else match

    def _match_persons(self, vals, persons, found):
        """Somebody is named by the member number; digits alone need a fitting amount."""
        number, person = persons[0]
        reason = self.env._("Member number %s", number)
        if len({one for __, one in persons}) > 1:
            return Match("proposed", reason, self._several_sentence())
        items = found.items_of_person(person, vals)
        if not items:
            return self._match_rest(vals, {person}, reason, found)
        is_sure = SURE_NUMBER.search(number.upper()) or fits(found.units(vals), items)
        if is_sure:
            return self._settled(vals, items, reason, found)
        return self._proposed(vals, person, items, reason, found)

    def _settled(self, vals, items, reason, found):
        """Return the match, once no person has to decide over it."""
        debtors = {item.debtor_id for item in items}
        shares, rest = shares_of(found.units(vals), items)
        match = Match("matched", reason, "", items[0].debtor_id, found.amounts(shares))
        if len(debtors) > 1 and (rest or shares != {one.id: one.left for one in items}):
            # whose is the rest, or whose stays open?
            return match._replace(state="proposed", message=self._several_sentence())
        if twin := found.booked_before(vals, debtors):
            return match._replace(state="proposed", message=self._twin_sentence(twin))
        found.use(shares)
        return match

    def _several_sentence(self):
        return self.env._(
            "It names several members, and is not the sum of what they owe. Assign it."
        )

    def _twin_sentence(self, payment):
        return self.env._(
            "Perhaps it was booked by hand already: %(payment)s of the same amount. Look"
            " at it before you book.",
            payment=payment.display_name,
        )

    # === PROPOSALS === #

    def _propose(self, vals, found):
        """Propose who has this account or this name, where the amount fits."""
        for persons, reason in (
            (found.by_account(vals), self.env._("Account of the member")),
            (found.by_name(vals), self.env._("Name, and the exact amount")),
        ):
            fitting = [person for person in persons if found.is_fitting(vals, person)]
            if len(fitting) == 1:
                items = found.items_of_person(fitting[0], vals)
                return self._proposed(vals, fitting[0], items, reason, found)
        persons = found.by_account(vals)
        if len(persons) == 1:
            # no proposal, but who it may be
            return Match(partner_id=found.debtor_of(persons[0]))
        return Match()

    def _proposed(self, vals, person, items, reason, found):
        shares, __ = shares_of(found.units(vals), self._meant(vals, items, found))
        message = (
            "" if shares else self.env._("Nothing is open: it would stay as a credit.")
        )
        partner = items[0].debtor_id if items else found.debtor_of(person)
        return Match("proposed", reason, message, partner, found.amounts(shares))

    def _meant(self, vals, items, found):
        """Return the one item of just this amount, where it is not all that is open:
        who pays it means it."""
        exact = [item for item in items if item.left == found.units(vals)]
        return exact if len(exact) == 1 else items

    def _match_taken_back(self, vals, found):
        """Find the receipt that the bank takes back."""
        if receipt := found.receipt_taken_back(vals):
            return Match(
                "proposed",
                self.env._("The bank takes back what it had credited"),
                "",
                receipt.partner_id.id,
                reversed_id=receipt.id,
            )
        message = self.env._("The bank takes back a payment that is not known here.")
        return Match(message=message)

    def _reason_of(self, named):
        """Say by what a document was found."""
        if named.kind in BY_REFERENCE:
            return self.env._("Reference of %s", named.name)
        return self.env._("Number %s", named.name)
