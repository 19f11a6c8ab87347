from datetime import timedelta

import werkzeug.exceptions

from odoo import fields, http
from odoo.http import request

# How long a browser is known after a birth date or member number was given.
KNOWN_HOURS = 2
SESSION_KEY = "gym_known"


class GymPageController(http.Controller):
    """The member's page: by a signed link, and for who is logged in."""

    # === PAGE === #

    @http.route(
        "/gym/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
    )
    def page(self, token, **__):
        """Show what is open to whoever has the link."""
        return self._show(self._visit(token))

    def _show(self, visit, **values):
        """Render the page of a visit with all its sections.

        :param values: what a section has to say, e.g. after its form was posted
        """
        return self._render(visit, "gym_dunning_portal.page", values)

    # === FOR ALL ROUTES OF THE PAGE === #

    def _visit(self, token, known=False):
        """Return the visit that a link allows.

        :param known: only who said a birth date or member number may go on; others are
            sent to the page, which asks
        :raise HTTPException: the link opens nothing, or who has it is not known
        """
        visit = request.env["gym.page"]._of_token(token)
        if not visit:
            self._refuse()
        visit = visit._replace(is_known=self._is_known(visit))
        if known and not visit.is_known:
            werkzeug.exceptions.abort(request.redirect(visit.url, code=303))
        return visit

    def _refuse(self):
        """Answer a link that opens nothing, whatever the reason."""
        response = request.render("gym_dunning_portal.closed", {}, status=404)
        response.flatten()
        werkzeug.exceptions.abort(response)

    def _is_known(self, visit):
        """Tell whether the visitor gave a birth date or member number, or is the person
        himself, logged in."""
        if request.env.user.partner_id.id == visit.viewer.id:
            return True
        until = request.session.get(SESSION_KEY, {}).get(self._known_key(visit))
        return bool(until) and until >= fields.Datetime.now().isoformat()

    def _remember(self, visit):
        """Know this browser for some hours."""
        until = fields.Datetime.now() + timedelta(hours=KNOWN_HOURS)
        known = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = known | {
            self._known_key(visit): until.isoformat()
        }

    def _known_key(self, visit):
        viewer = visit.viewer
        return f"{viewer.id}-{visit.company.id}-{viewer.gym_link_counter}"

    def _render(self, visit, template, values):
        """Render a template of the page in the viewer's language."""
        request.update_context(lang=self._language(visit))
        return request.render(template, self._values(visit) | values)

    def _language(self, visit):
        installed = dict(request.env["res.lang"].get_installed())
        wanted = (visit.viewer.lang, visit.company.partner_id.lang)
        return next((code for code in wanted if code in installed), request.env.lang)

    def _values(self, visit):
        """Return what each template of the page may name; sections add theirs."""
        page = request.env["gym.page"].sudo()  # the visit says what may be shown
        return {
            "visit": visit,
            "page": page,
            "items": page._items(visit),
            "company": visit.company,
        }
