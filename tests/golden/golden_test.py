#!/usr/bin/env python3
"""Vaults of each released version of the format still give back every byte, from the vault and its
passphrase alone; and each kind of damage to them is still called what it is."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from e2e_case import ClockedMailhold, instant_of, sha256_of

SECOND_READER = HERE.parent / "vault" / "second_reader.py"
VERSIONS = sorted(path for path in HERE.iterdir() if (path / "truth.json").is_file())


class Golden(unittest.TestCase):
    """A copy of one golden vault, and a new host that knows nothing of it."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-golden-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)

    def each(self):
        self.assertTrue(VERSIONS)
        for version in VERSIONS:
            yield version, json.loads((version / "truth.json").read_text(encoding="utf-8"))

    def host(self, version, secret, name, index):
        """A new host with a copy of the vault. Without `index` it adds nothing to it by itself."""
        tool = ClockedMailhold(self.home / f"{version.name}-{name}")
        tool.pretended_now = "2026-03-10T00:00:00Z"
        shutil.copytree(version / "vault", tool.vault)
        tool.passphrase_file.write_text(secret + "\n", encoding="utf-8")
        tool.config.write_text('vault = "vault"\nstate = "state"\n'
                               f"search.index = {str(index).lower()}\n", encoding="utf-8")
        return tool

    def joined(self, version, secret, name, index=True):
        """The same, made a writer, its catalog built from the journal."""
        tool = self.host(version, secret, name, index)
        tool.run("writer", "add", check=0)
        tool.run("rebuild", check=0)
        return tool

    def exported(self, tool, *as_of):
        lines = []
        for account in sorted({one["address"] for one in tool.json("status", check=0)["accounts"]}):
            to = tool.home / f"out-{account}-{len(as_of)}"
            tool.run("export", "--account", account, "--to", to, *as_of, check=0)
            for line in (to / "mailhold-export.jsonl").read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                lines.append({"account": account, "folder": entry["folder"], "id": entry["id"],
                              "flags": entry["flags"], "epoch": instant_of(entry["internaldate"])[0],
                              "sha256": sha256_of((to / entry["path"]).read_bytes())})
        return sorted(lines, key=lambda one: json.dumps(one, sort_keys=True))

    def test_every_message_comes_back_as_it_was(self):
        for version, truth in self.each():
            for kind in ("passphrase", "recovery_key"):
                tool = self.joined(version, truth[kind], kind)
                self.assertEqual(self.exported(tool), truth["now"])
                when = truth["as_of"]
                self.assertEqual(self.exported(tool, "--as-of", when["time"]), when["messages"])
                report = tool.json("check", "--read-data", check=0)
                self.assertEqual((report["verdict"], report["findings"]), ("clean", []))
                self.assertEqual(tool.json("search", "--count", "*", check=0)["total"],
                                 tool.json("status", check=0)["vault"]["messages"])

    def test_the_second_reader_reads_them_too(self):
        for version, truth in self.each():
            ran = subprocess.run([sys.executable, SECOND_READER, version / "vault",
                                  truth["passphrase"]], capture_output=True, text=True, check=False)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            ids = {json.loads(line)["id"] for line in ran.stdout.splitlines()}
            self.assertLessEqual({one["id"] for one in truth["now"]}, ids)

    def test_damage_is_called_what_it_is(self):
        for version, truth in self.each():
            tool = self.joined(version, truth["passphrase"], "damaged", index=False)
            for name, damage, code, kind in damages(tool.vault):
                kept = (tool.vault / name).read_bytes()
                made = damage(tool.vault, name)
                try:
                    with self.subTest(object=name, damage=damage.__name__):
                        report = tool.json("check", "--read-data", check=code)
                        self.assertIn(kind, {finding["kind"] for finding in report["findings"]})
                finally:
                    for path in made:
                        path.unlink(missing_ok=True)
                    (tool.vault / name).write_bytes(kept)


def objects(vault, kind):
    return sorted(str(path.relative_to(vault)) for path in (vault / kind).rglob("*") if path.is_file())


def cut(vault, name):
    path = vault / name
    path.write_bytes(path.read_bytes()[:-1])
    return []


def flip(vault, name):
    path = vault / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return []


def remove(vault, name):
    (vault / name).unlink()
    return []


def forge(vault, name):
    """Other bytes under the name that they hash to, in the place of the object."""
    path = vault / name
    content = bytearray(path.read_bytes())
    content[-100] ^= 1  # in a signature, or in the last line
    path.unlink()
    stem = path.name[:-64]
    forged = path.with_name(stem + hashlib.blake2b(content, digest_size=32).hexdigest())
    forged.write_bytes(content)
    return [forged]


def damages(vault):
    """(object, what is done to it, exit code of check, kind of a finding)."""
    # How long an archive was stands in the journal; of an entry only its hash is known.
    for kind, when_cut in (("archives", "truncated"), ("journal", "damaged")):
        name = objects(vault, kind)[0]
        yield name, cut, 3, when_cut
        yield name, flip, 3, "damaged"
        yield name, remove, 3, "missing"
    yield objects(vault, "journal")[0], forge, 4, "tampered"
    yield objects(vault, "root")[-1], forge, 4, "tampered"


if __name__ == "__main__":
    unittest.main()
