"""cases.toml as values: what is taken away of a case's handling, and which test must notice."""

import pathlib
import re
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = "tests/faults/cases.toml"


class Test:
    """One test by its name: "imap ClientFetch.Case5_…" in a module's binary, or
    "imap_cases_test.py UidCases.test_case05_…" of tests/e2e."""

    def __init__(self, text):
        self.text = text
        self.home, self.name = text.split(" ")
        self.suite, self.method = self.name.split(".")
        self.is_python = self.home.endswith(".py")
        self.target = "mailhold" if self.is_python else f"{self.home}_test"

    def __eq__(self, other):
        return self.text == other.text

    def __hash__(self):
        return hash(self.text)

    def names_case(self, number):
        return re.search(rf"case_?0*{number}(?!\d)", self.method, re.IGNORECASE) is not None

    def stands_in(self, root):
        """Whether the sources below `root` have it."""
        if self.is_python:
            path = root / "tests/e2e" / self.home
            return path.is_file() and re.search(
                rf"^class {self.suite}\(.*?^    def {self.method}\(", path.read_text("utf-8"),
                re.DOTALL | re.MULTILINE) is not None
        pattern = re.compile(rf"^TEST(_F|_P)?\({self.suite},\s*{self.method}\)", re.MULTILINE)
        return any(pattern.search(path.read_text("utf-8"))
                   for path in (root / "tests" / self.home).glob("*_test.cpp"))


class Edit:
    def __init__(self, file, find, put):
        self.file, self.find, self.put = file, find, put

    def count_in(self, root):
        path = root / self.file
        return path.read_text("utf-8").count(self.find) if path.is_file() else 0


class Removal:
    def __init__(self, number, title, entry):
        self.number, self.title = number, title
        self.what = entry["what"]
        self.test = Test(entry["test"])
        self.edits = [Edit(*edit) for edit in entry["edits"]]

    def __str__(self):
        return f"case {self.number}, {self.title}: {self.what}"

    def problems(self, root):
        """What keeps it from being tried on the sources below `root`."""
        found = []
        for edit in self.edits:
            count = edit.count_in(root)
            if count != 1:
                found.append(f"{self}: removal no longer applies: mend {DATA} "
                             f"({count} times in {edit.file}: {edit.find!r})")
            if edit.find == edit.put:
                found.append(f"{self}: nothing is removed from {edit.file}")
        if not self.test.names_case(self.number):
            found.append(f"{self}: the test does not name the case: {self.test.text}")
        if not self.test.stands_in(root):
            found.append(f"{self}: no such test: {self.test.text}")
        return found


class Cases:
    def __init__(self, text):
        data = tomllib.loads(text)
        self.titles = {int(number): title for number, title in data["title"].items()}
        self.removals = [Removal(number, title, entry) for number, title in self.titles.items()
                         for entry in data["case"].get(str(number), [])]
        self.strays = [number for number in data["case"] if int(number) not in self.titles]

    def without_removal(self):
        return sorted(set(self.titles) - {removal.number for removal in self.removals})


def load(root=ROOT):
    return Cases((root / DATA).read_text("utf-8"))
