"""Contracts taken over from elsewhere through Odoo's own import."""

import csv
from datetime import date
from pathlib import Path

from .common_contract import ContractCommon

FOLDER = Path(__file__).parents[2] / "static" / "import"


class TestContractImport(ContractCommon):
    """The example file goes in as it is, and what came in is renewed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul", member_number="900001")
        cls.laura = cls._create_member("Kent Laura", member_number="900002")
        cls._create_article("Fitness", 600.0)
        cls._create_article("Towels", 10.0, gym_term_months=1)

    def _load(self, **replaced):
        """Import the example as the client does; return the contracts."""
        with (FOLDER / "contracts.csv").open(newline="") as file:
            names, *rows = csv.reader(file)
        rows = [[replaced.get(cell, cell) for cell in row] for row in rows]
        contracts = self.env["gym.contract"].with_context(import_file=True)
        result = contracts.load(names, rows)
        self.assertFalse(result["messages"])
        return self.env["gym.contract"].browse(result["ids"])

    def test_example(self):
        """E-64a, issue 7: members by number, articles, ends, renewal and state."""
        first, second = self._load()
        self.assertRecordValues(
            first | second,
            [
                {
                    "partner_id": self.paul.id,
                    "state": "active",
                    "auto_renew": True,
                    "date_start": date(2025, 4, 1),
                    "date_end": date(2026, 3, 31),
                    "invoice_count": 0,
                },
                {
                    "partner_id": self.laura.id,
                    "state": "active",
                    "auto_renew": False,
                    "date_start": date(2024, 7, 1),
                    "date_end": date(2026, 6, 30),
                    "invoice_count": 0,
                },
            ],
        )
        self.assertEqual(
            first.subscription_ids.product_id.mapped("name"), ["Fitness", "Towels"]
        )
        self.assertEqual(first.subscription_ids.mapped("price_unit"), [600.0, 12.0])

    def test_renewed_afterwards(self):
        """E-60, AMB-17: what came in is renewed from its end on, and only that."""
        first, second = self._load()
        self._renew()
        self.assertEqual(first.invoice_count, 1)
        new = first.period_ids.filtered("move_id")
        self.assertEqual(set(new.mapped("date_start")), {date(2026, 4, 1)})
        self.assertFalse(second.invoice_count)

    def test_every_column_can_be_chosen(self):
        """Issue 7: the dialog of the import offers every column of the example."""
        offered = self.env["base_import.import"].get_fields_tree("gym.contract")
        tree = {field["name"]: field for field in offered}
        with (FOLDER / "contracts.csv").open(newline="") as file:
            names = next(csv.reader(file))
        for name in names:
            with self.subTest(name=name):
                parent, __, child = name.partition("/")
                self.assertIn(parent, tree)
                if child:
                    below = {one["name"] for one in tree[parent]["fields"]}
                    self.assertIn(child, below)

    def test_template_is_offered(self):
        """Issue 7: the import dialog links to the example, which is there."""
        [template] = self.env["gym.contract"].get_import_templates()
        name = template["template"].rsplit("/", 1)[1]
        self.assertTrue((FOLDER / name).is_file())
