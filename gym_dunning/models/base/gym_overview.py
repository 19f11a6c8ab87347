import ast
from collections import defaultdict
from operator import itemgetter
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

# One exact number up to here; what is more is said as "more than".
MOST = 10000


class Tile(NamedTuple):
    """What waits to be done: its name, its place in the morning, what it is called, and
    what is said when nothing waits.

    Whoever sees it is in all of these groups and may read this model.
    """

    name: str
    sequence: int
    title: str
    done: str
    model: str
    groups: tuple = ("gym_dunning.group_dunning_user",)
    icon: str = "fa-circle-o"


class Part(NamedTuple):
    """What a tile counts, and the action that lists the same.

    Without a domain it is the way to an action, counts nothing, and is offered where
    something waits, or always. Amounts are summed by currency: of the records, or of
    others that belong to them (`amounts_of`: their model and domain). `by` tells all of
    it by the values of a field, `person` counts whose it is.
    """

    label: str
    action: str
    domain: Domain = None
    amount: str = None
    currency: str = "currency_id"
    by: str = None
    person: str = None
    amounts_of: tuple = None
    is_always: bool = False


class GymOverview(models.AbstractModel):
    """What waits to be done this morning, tile by tile; each room has its own.

    A room adds to `_tiles`, and has `_parts_<name>`, which returns a dict of key to
    `Part`. A tile's number and the list that it opens are of the same domain. Nothing is
    stored. The context key `dunning_date` gives the date (else today).
    """

    _name = "gym.overview"
    _description = "Overview"

    # === WHICH === #

    @api.model
    @api.readonly
    def tiles(self):
        """Return what the user may see, in the order of a morning.

        :return: a list of dicts: `name`, `title`, `done` (what is said when nothing
            waits), `icon`
        """
        return [
            {name: getattr(tile, name) for name in ("name", "title", "done", "icon")}
            for tile in self._shown_tiles()
        ]

    @api.model
    def _tiles(self):
        """Return the tiles of all rooms; upper ones add theirs."""
        return [
            Tile(
                "processes",
                130,
                self.env._("Processes with Failures"),
                self.env._("Nothing has failed"),
                "gym.process",
                groups=("gym_dunning.group_debt_manager",),
                icon="fa-cogs",
            )
        ]

    @api.model
    def _shown_tiles(self):
        tiles = filter(self._may_see, self._tiles())
        return sorted(tiles, key=lambda tile: tile.sequence)

    @api.model
    def _may_see(self, tile):
        return self.env[tile.model].has_access("read") and all(
            self.env.user.has_group(group) for group in tile.groups
        )

    # === HOW MUCH === #

    @api.model
    @api.readonly
    def read_tile(self, name):
        """Return what waits of one tile.

        :param name: of the tile
        :return: dict: `count`, `is_more` (it is more than that), `amounts` (a list of
            dicts `currency_id`, `amount`, the currency of the current company first),
            `people` (count, or None), `rows` (parts of it with `key`, `label` and the
            same figures, or with `label` alone: the way to another screen), `note` and
            `is_alarming`
        :raise AccessError: the user may not see this tile
        """
        parts = self._parts(name)
        rows = [row for key, part in parts.items() for row in self._rows(key, part)]
        waits = any(row.get("count") for row in rows)
        head, *others = rows
        note, is_alarming = self._note(name)
        return {
            **head,
            "rows": [
                row
                for row in others
                if (
                    row["count"]
                    if "count" in row
                    else waits or parts[row["key"]].is_always
                )
            ],
            "note": note,
            "is_alarming": is_alarming,
        }

    @api.model
    @api.readonly
    def open_tile(self, name, key):
        """Return the action that lists what a tile, or a part of it, counts.

        :param name: of the tile
        :param key: of the part, as `read_tile` says it
        :raise AccessError: the user may not see this tile
        """
        key, __, value = key.partition(":")
        part = self._parts(name)[key]
        if part.domain is None:
            return self.env["ir.actions.actions"]._for_xml_id(part.action)
        domain = part.domain
        if value:
            domain &= Domain(part.by, "=", value)
        return self._list_action(part, domain)

    @api.model
    def _list_action(self, part, domain):
        """The action as it is, with this domain and no filter of its own."""
        action = self.env["ir.actions.actions"]._for_xml_id(part.action)
        name = part.label or action["name"]
        return dict(
            action,
            name=name,
            display_name=name,
            domain=list(domain),
            context={},
        )

    @api.model
    def _parts(self, name):
        names = {tile.name for tile in self._shown_tiles()}
        if name not in names:
            raise AccessError(self.env._("You may not see this part of the overview."))
        return getattr(self, f"_parts_{name}")()

    @api.model
    def _note(self, name):
        """Return what else is to be known of a tile, and whether it is alarming."""
        look = getattr(self, f"_note_{name}", None)
        return look() if look else (False, False)

    @api.model
    def _rows(self, key, part):
        """Return the figures of a part: of all of it, and of each value it is told by."""
        row = {"key": key, "label": part.label}
        if part.domain is None:
            return [row]
        if not part.amount or part.amounts_of:
            return [row | self._figures(part)]
        rows = self.env.execute_query(self._groups_sql(part))
        people = rows[0][-1] if rows else 0
        total = row | self._summed(rows) | {"people": people or None}
        if not part.by:
            return [total]
        groups = {value: [*group] for value, group in groupby(rows, itemgetter(0))}
        field = self.env[self._model_of(part)]._fields[part.by]
        names = dict(field._description_selection(self.env))
        return [total] + [
            {"key": f"{key}:{value}", "label": names[value]}
            | self._summed(groups[value])
            for value in names
            if value in groups
        ]

    @api.model
    def _model_of(self, part):
        return self.env["ir.actions.actions"]._for_xml_id(part.action)["res_model"]

    @api.model
    def _groups_sql(self, part):
        """Return value, currency id, count and amount, and whose all of them are.

        The records are written down first: PostgreSQL then knows how many there are, and
        does not sort them to add them up; no list of persons leaves the database.
        """
        query = self._query_of(part)
        model = self.env[self._model_of(part)]
        names = {"value": part.by, "currency_id": part.currency, "whose": part.person}
        columns = [
            SQL(
                "%s AS %s",
                model._read_group_groupby(query.table, field, query)
                if field
                else SQL("NULL::int"),
                SQL.identifier(name),
            )
            for name, field in names.items()
        ]
        amount = model._field_to_sql(query.table, part.amount, query)
        return SQL(
            """WITH record AS MATERIALIZED (%(records)s)
               SELECT value, currency_id, COUNT(*), COALESCE(SUM(amount), 0),
                      (SELECT COUNT(DISTINCT whose) FROM record)
                 FROM record GROUP BY value, currency_id""",
            records=query.select(*columns, SQL("%s AS amount", amount)),
        )

    @api.model
    def _query_of(self, part):
        """Return the query of all records that a part counts."""
        return self.env[self._model_of(part)]._search(part.domain)

    @api.model
    def _figures(self, part):
        """Return the figures of what has no amounts, or those of other records."""
        count = self.env[self._model_of(part)].search_count(part.domain, limit=MOST + 1)
        if not part.amounts_of:
            return self._counted(count, [])
        owner, domain = part.amounts_of
        sums = self.env[owner]._read_group(
            domain, [part.currency], [f"{part.amount}:sum"]
        )
        return self._counted(count, sums)

    @api.model
    def _summed(self, rows):
        """Add up rows of value, currency id, count and amount."""
        currencies, sums = self.env["res.currency"], defaultdict(float)
        for __, currency_id, __, amount, __ in rows:
            sums[currencies.browse(currency_id)] += amount
        count = sum(row[2] for row in rows)
        # read anyway, and therefore exact
        exact = {"count": count, "is_more": False}
        return self._counted(count, sums.items()) | exact

    @api.model
    def _counted(self, count, sums):
        ours = self.env.company.currency_id
        amounts = [
            {"currency_id": currency.id, "amount": currency.round(amount)}
            for currency, amount in sorted(
                sums, key=lambda one: (one[0] != ours, one[0].name)
            )
        ]
        return {
            "count": min(count, MOST),
            "is_more": count > MOST,
            "amounts": amounts,
            "people": None,
        }

    @api.model
    def _domain_of(self, action):
        """Return the domain of an action that is said once, in its own file."""
        action = self.env["ir.actions.actions"]._for_xml_id(action)
        return Domain(ast.literal_eval(action["domain"]))

    @api.model
    def _today(self):
        given = self.env.context.get("dunning_date")
        return fields.Date.to_date(given) or fields.Date.context_today(self)

    # === PROCESSES === #

    @api.model
    def _parts_processes(self):
        failed = Domain("state", "=", "failed")
        failed |= Domain("failure_ids", "any", [("retried", "=", False)])
        title = self.env._("Processes with Failures")
        return {"all": Part(title, "gym_dunning.gym_process_action", failed)}
