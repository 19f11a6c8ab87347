import werkzeug.exceptions

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .page import GymPageController

OPTIONS = {"type": "http", "auth": "user", "website": True, "multilang": False}
OPTIONS |= {"sitemap": False, "methods": ["GET"]}


class GymPortal(CustomerPortal):
    """The card on the portal's first page."""

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal
        values = super()._prepare_home_portal_values(counters)
        if "gym_item_count" in counters:
            viewer = request.env.user.partner_id
            values["gym_item_count"] = request.env["gym.page"]._count_of(viewer)
        return values


class GymMyPageController(GymPageController):
    """The page of who is logged in: what is theirs, and nothing else."""

    @http.route("/my/gym", **OPTIONS)
    def my_page(self, **__):
        """Show what is open; whoever owes to several centres chooses one."""
        viewer = request.env.user.partner_id
        creditors = request.env["gym.page"]._creditors(viewer)
        if len(creditors) == 1:
            return self._show(self._my_visit(creditors))
        return request.render(
            "gym_dunning_portal.creditors",
            {
                "creditors": creditors,
                "company": None,
                "visit": None,
                "colours": None,
                "html_data": self._html_data(),
            },
        )

    @http.route("/my/gym/<int:company_id>", **OPTIONS)
    def my_page_of(self, company_id, **__):
        """Show what is open at one centre."""
        creditors = request.env["gym.page"]._creditors(request.env.user.partner_id)
        creditor = creditors.filtered(lambda one: one.id == company_id)
        if not creditor:
            return request.redirect("/my/gym", code=303)
        return self._show(self._my_visit(creditor))

    def _my_visit(self, company):
        """Return the visit of who is logged in. Its forms post by a link of their own,
        which knows them as long as they are logged in."""
        viewer = request.env.user.partner_id
        if not viewer.active:
            raise werkzeug.exceptions.NotFound
        page = request.env["gym.page"].sudo()  # what is theirs, without any rights
        token = viewer.sudo()._gym_token(company, "account")
        return page._visit_of(viewer, company, "account", is_known=True, token=token)
