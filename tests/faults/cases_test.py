#!/usr/bin/env python3
"""The short form of scripts/faults cases: each case has a removal, each removal still applies, and its
test is there. What would not apply any more must be found, and so must a test that nobody ran."""

import pathlib
import tempfile
import unittest

from case_removals import judge_google, judge_python
from removals import ROOT, Cases, load

SOUND = """
[title]
5 = "vanished"
55 = "refused"
[[case.5]]
what = "what is left"
test = "imap Suite.Case5_Name"
edits = [["src/a.cpp", "right", "wrong"]]
"""
GOOGLE = "[ RUN      ] Suite.Case5_Name\n"


class Data(unittest.TestCase):
    def test_every_removal_applies_and_its_test_exists(self):
        cases = load()
        self.assertEqual([problem for one in cases.removals for problem in one.problems(ROOT)], [])
        self.assertEqual(list(cases.titles), list(range(1, 56)))
        self.assertEqual((cases.without_removal(), cases.strays), ([], []))


class Found(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("src/a.cpp", "the right thing\n")
        self.write("tests/imap/a_test.cpp", "TEST_F(Suite,\n       Case5_Name)\n")
        self.write("tests/e2e/a_test.py", "class Suite(Case):\n    def test_case05_name(self):\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def problems(self, *replaced):
        removal, = Cases(SOUND.replace(*replaced) if replaced else SOUND).removals
        return "\n".join(removal.problems(self.root))

    def test_nothing_where_all_is_well(self):
        self.assertEqual(self.problems(), "")
        self.assertEqual(self.problems("imap Suite.Case5_Name", "a_test.py Suite.test_case05_name"), "")

    def test_cases_without_a_removal_and_removals_without_a_case(self):
        self.assertEqual(Cases(SOUND).without_removal(), [55])
        self.assertEqual(Cases(SOUND.replace("[[case.5]]", "[[case.56]]")).strays, ["56"])

    def test_a_text_that_is_gone(self):
        self.write("src/a.cpp", "the better thing\n")
        self.assertRegex(self.problems(), "no longer applies: mend tests/faults/cases.toml")

    def test_a_text_that_is_there_twice(self):
        self.write("src/a.cpp", "right or right\n")
        self.assertRegex(self.problems(), r"no longer applies.*2 times")

    def test_a_file_that_is_gone(self):
        self.assertRegex(self.problems("src/a.cpp", "src/b.cpp"), "no longer applies")

    def test_an_edit_that_changes_nothing(self):
        self.assertRegex(self.problems('"wrong"', '"right"'), "nothing is removed")

    def test_a_test_that_does_not_exist(self):
        for other in ("imap Suite.Case5_Other", "imap Other.Case5_Name", "mail Suite.Case5_Name",
                      "a_test.py Suite.test_case05_other", "b_test.py Suite.test_case05_name"):
            self.assertRegex(self.problems("imap Suite.Case5_Name", other), "no such test", other)

    def test_a_test_of_another_case(self):
        self.assertRegex(self.problems("[[case.5]]", "[[case.55]]"), "does not name the case")


class Judged(unittest.TestCase):
    def test_a_google_test(self):
        failed = judge_google(1, GOOGLE + "a.cpp:1: Failure\nValue of: x\n\n[  FAILED  ] Suite")
        self.assertEqual(failed, ("failed", "Value of: x\n"))
        self.assertEqual(judge_google(0, GOOGLE + "[       OK ]").kind, "passed")
        self.assertEqual(judge_google(-11, GOOGLE).kind, "failed", "a crash")
        self.assertEqual(judge_google(0, "[  PASSED  ] 0 tests.").kind, "not run")
        self.assertEqual(judge_google(0, GOOGLE + "[  SKIPPED ] Suite").kind, "not run")

    def test_a_python_test(self):
        ran = "Ran 1 test in 0.1s\n\n"
        failed = judge_python(1, "AssertionError: 2 != 1\n" + ran + "FAILED (failures=1)")
        self.assertEqual(failed, ("failed", "AssertionError: 2 != 1"))
        self.assertEqual(judge_python(0, ran + "OK").kind, "passed")
        self.assertEqual(judge_python(0, ran + "OK (skipped=1)").kind, "not run")
        self.assertEqual(judge_python(1, "SyntaxError: invalid syntax").kind, "not run")
        self.assertEqual(judge_python(0, "Ran 0 tests in 0.0s\n\nOK").kind, "not run")


if __name__ == "__main__":
    unittest.main()
