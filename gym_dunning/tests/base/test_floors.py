"""The house: upper rooms extend lower ones, lower ones never name upper ones."""

import ast
import builtins
import collections
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ROOT = Path(__file__).parents[2]
FOLDERS = ("models", "wizards", "reports")
# Which rooms a room may name besides itself; docs/ARCHITECTURE.md shows it.
GROUND = {"base", "member"}
MAY_NAME = {
    "base": set(),
    "member": {"base"},
    "ledger": GROUND,
    "dunning": {*GROUND, "ledger"},
    "debit": {*GROUND, "ledger", "dunning"},
    # the list of who is past the last level may be that of one run
    "agency": {*GROUND, "ledger", "dunning"},
    "cases": {*GROUND, "ledger"},
    "receipts": {*GROUND, "ledger"},
    "renewal": {*GROUND, "ledger"},
}
MODEL_BASES = {"Model", "AbstractModel", "TransientModel"}
WORD = re.compile(r"[A-Za-z_]\w*")
COLUMN = re.compile(r"\b\w+\.([a-z_]+)\b")  # of a table, in SQL
TABLE = re.compile(r"\bgym_[a-z_]+\b")


def room_of(path):
    return path.relative_to(ROOT).parts[1]


def sources():
    """Return the syntax tree of each file of the rooms, by path."""
    files = (file for folder in FOLDERS for file in (ROOT / folder).glob("*/**/*.py"))
    return {file: ast.parse(file.read_text()) for file in sorted(files)}


def model_classes(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Attribute) and base.attr in MODEL_BASES
            for base in node.bases
        ):
            yield node


def attribute(node, name):
    """Return the value of a constant of a class, as a list."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name:
            value = ast.literal_eval(statement.value)
            return value if isinstance(value, list) else [value]
    return []


def members(node):
    """Return the names of the methods and fields that a class defines."""
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name
        elif isinstance(statement, ast.Assign) and isinstance(
            statement.value, ast.Call
        ):
            yield statement.targets[0].id


def models_of(trees):
    """Return the room of each model of ours, by its name."""
    rooms = {}
    for file, tree in trees.items():
        for node in model_classes(tree):
            for name in attribute(node, "_name"):
                if name not in attribute(node, "_inherit"):
                    rooms[name] = room_of(file)
    return rooms


def words_of(trees, known):
    """Return the room of each field and method that one room only defines.

    :param known: names that Odoo or Python has too, which tell nothing
    """
    rooms = collections.defaultdict(set)
    for file, tree in trees.items():
        for node in model_classes(tree):
            for name in members(node):
                rooms[name].add(room_of(file))
    return {
        name: min(found)
        for name, found in rooms.items()
        if len(found) == 1 and name not in known
    }


def named(tree, models, words):
    """Yield line, name and room of whatever of ours a file names."""
    tables = {name.replace(".", "_"): room for name, room in models.items()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in words:
            yield node.lineno, node.attr, words[node.attr]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name, room in in_text(node.value, models, tables, words):
                yield node.lineno, name, room
        elif isinstance(node, ast.ImportFrom) and node.level:
            for part in (node.module or "").split("."):
                if part in MAY_NAME:
                    yield node.lineno, node.module, part


def in_text(text, models, tables, words):
    """Yield what a string names: a model, a field or method as a word by itself, and
    in SQL tables and their columns."""
    if text in models:
        yield text, models[text]
    elif "_" in text and WORD.fullmatch(text) and text in words:
        yield text, words[text]
    elif " " in text:
        for name in TABLE.findall(text):
            if name in tables:
                yield name, tables[name]
        for name in COLUMN.findall(text):
            if name in words:
                yield name, words[name]


def offences(trees, models, words):
    """Return a sentence for each place where a room names one that it may not."""
    found = []
    for file, tree in trees.items():
        room = room_of(file)
        for line, name, owner in named(tree, models, words):
            if owner != room and owner not in MAY_NAME[room]:
                where = f"{file.relative_to(ROOT)}:{line}"
                found.append(f"{where} ({room}) names {name} of {owner}")
    return sorted(set(found))


@tagged("post_install", "-at_install")
class TestFloors(TransactionCase):
    """architecture.md 3: rooms, floors, and what a room may name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trees = sources()
        cls.models = models_of(cls.trees)
        cls.words = words_of(cls.trees, cls._known_elsewhere())

    @classmethod
    def _known_elsewhere(cls):
        """Return the names that Odoo's models and Python's types have."""
        known = set(dir(builtins)) | set(dir(collections.namedtuple("T", "")))
        for model in cls.env.registry.values():
            ours = set()
            for klass in model.__mro__:
                is_ours = ".gym_dunning" in klass.__module__
                (ours if is_ours else known).update(vars(klass))
            known.update(model._fields.keys() - ours)
        return known

    def test_the_house_is_looked_at(self):
        """There are rooms, models and words of ours to look for."""
        self.assertEqual(set(map(room_of, self.trees)), set(MAY_NAME))
        self.assertGreater(len(self.models), 100)
        self.assertGreater(len(self.words), 1000)

    def test_files_are_named_after_their_models(self):
        """12.0: a file is one model's, or a subject of it; the folder says the room."""
        for file, tree in self.trees.items():
            owners = [
                (attribute(node, "_name") or attribute(node, "_inherit"))[0]
                .removeprefix("report.gym_dunning.")
                .replace(".", "_")
                for node in model_classes(tree)
            ]
            with self.subTest(file.relative_to(ROOT)):
                self.assertTrue(
                    not owners
                    or any(f"{file.stem}_".startswith(f"{own}_") for own in owners)
                )

    def test_no_file_of_tests_is_forgotten(self):
        """Odoo's own runner takes what tests/__init__.py imports."""
        imported = set(WORD.findall((ROOT / "tests/__init__.py").read_text()))
        files = {path.stem for path in (ROOT / "tests").glob("*/test_*.py")}
        self.assertEqual(files - imported, set())

    def test_no_room_names_one_that_it_may_not(self):
        """12.0: no model, table, field, method or import of an upper room, or of one
        on the same floor."""
        self.assertEqual(offences(self.trees, self.models, self.words), [])

    def test_an_offender_is_found(self):
        """The test itself: each way of naming an upper room is found."""
        place = ROOT / "models" / "ledger" / "made_up.py"
        for code in (
            'env["gym.debit.order"]',
            "item.debit_state",
            'items.filtered("debit_state")',
            '"SELECT 1 FROM gym_debit_order line"',
            '"SELECT item.debit_state FROM (x) item"',
            "from ..debit.gym_debit_mandate import USED_STATES",
        ):
            trees = {place: ast.parse(code)}
            with self.subTest(code):
                self.assertTrue(offences(trees, self.models, self.words))
        fine = {place: ast.parse("item.member_id; env['gym.member.status']")}
        self.assertEqual(offences(fine, self.models, self.words), [])

    def test_fields_point_down(self):
        """The registry: related, computed and inherited fields name no upper model."""
        fields = list(self._own_fields())
        self.assertGreater(len(fields), 300)
        for name, field, room in fields:
            owner = self.models.get(field.comodel_name)
            if owner and owner != room:
                with self.subTest(f"{name}.{field.name}"):
                    self.assertIn(owner, MAY_NAME[room])

    def _own_fields(self):
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                if not field.relational:
                    continue
                for klass in model.__mro__:
                    if field.name in vars(klass) and self._room(klass):
                        yield name, field, self._room(klass)

    def _room(self, klass):
        """Return the room of a class, if it is one of ours."""
        parts = klass.__module__.split(".")
        is_ours = parts[:3] == ["odoo", "addons", "gym_dunning"]
        return parts[4] if is_ours and parts[3] in FOLDERS else None

    def test_every_override_calls_the_one_below(self):
        """No method hangs on the order of imports: of all that define a method of a
        model, each but the lowest calls `super()`."""
        for name, model in self.env.registry.items():
            of_rooms = [
                klass
                for klass in model.__mro__
                # what a mixin leaves to its heirs is no override
                if self._room(klass) and klass._name == name
            ]
            for method, klass in self._covering(of_rooms):
                with self.subTest(f"{name}.{method}"):
                    self.assertTrue(
                        self._calls_super(klass, method), f"in {klass.__module__}"
                    )

    def _covering(self, classes):
        """Yield what is defined in a class and in another one below it."""
        for index, klass in enumerate(classes):
            below = set().union(*(vars(lower) for lower in classes[index + 1 :]))
            for method, value in vars(klass).items():
                if method in below and callable(value) and not method.startswith("__"):
                    yield method, klass

    def _calls_super(self, klass, method):
        file = ROOT.joinpath(*klass.__module__.split(".")[3:]).with_suffix(".py")
        for node in model_classes(self.trees[file]):
            for statement in node.body:
                if getattr(statement, "name", None) == method:
                    calls = ast.walk(statement)
                    return any(getattr(one, "id", None) == "super" for one in calls)
        return False
