"""What mailhold is compared with: a raw drain of the mailbox, mbsync, restic, mu, notmuch."""

import json
import pathlib
import shutil
import sys

import imap_reader
import measured

SUPPORT = pathlib.Path(__file__).resolve().parents[1] / "support"


class Mbsync:
    """mbsync pulling one account into a Maildir, with its default of syncing every file to disk; or
    pushing a copy of the Maildir `push_from` into it."""

    def __init__(self, folder, server, user, password, push_from=None):
        self._mail, self._config = folder / "mbsync-mail", folder / "mbsyncrc"
        inbox = self._mail / "INBOX"
        if push_from:
            self.forget()
            shutil.copytree(push_from, inbox)
            for part in sorted(inbox.iterdir()):  # its other folders lie beside the inbox here
                if part.name not in ("cur", "new", "tmp"):
                    part.rename(self._mail / part.name)
        self._config.write_text(f"""
IMAPAccount bench
Host {server.host}
Port {server.imaps_port}
User {user}
Pass {password}
SSLType IMAPS
CertificateFile {server.ca_file}

IMAPStore far
Account bench

MaildirStore near
SubFolders Verbatim
Path {self._mail}/
Inbox {inbox}

Channel bench
Far :far:
Near :near:
Patterns *
Create {"Both" if push_from else "Near"}
Sync {"Push" if push_from else "Pull"}
SyncState *
""", encoding="utf-8")

    def forget(self):
        shutil.rmtree(self._mail, ignore_errors=True)
        self._mail.mkdir()

    def run(self):
        return measured.run(["mbsync", "-q", "-c", self._config, "bench"])

    def messages(self):
        return sum(1 for part in ("cur", "new") for _ in self._mail.rglob(f"{part}/*"))


def drain(server, user, password):
    """Seconds that fetching everything takes when nothing is done with it."""
    done = measured.run([sys.executable, SUPPORT / "imap_reader.py", "drain", "--host", server.host,
                         "--port", server.imaps_port, "--user", user, "--password", password,
                         "--ca-file", server.ca_file])
    return json.loads(done.stdout)["seconds"]


def ask_counters(server, user, password):
    """Seconds that the server takes to let us in and to tell every folder's counters."""
    return imap_reader.ask_counters(server.host, server.imaps_port, user, password, server.ca_file)


def restic_bytes(folder, tree):
    """The size of a new restic repository that holds `tree`."""
    repository, secret = folder / "restic", folder / "restic-passphrase"
    secret.write_text("bench\n", encoding="ascii")
    restic = ["restic", "--repo", repository, "--password-file", secret, "--quiet", "--no-cache"]
    measured.run([*restic, "init", "--repository-version", "2"])
    measured.run([*restic, "backup", tree])
    return sum(p.stat().st_size for p in repository.rglob("*") if p.is_file())


class Mu:
    """mu with a database over one Maildir."""

    def __init__(self, folder, maildir):
        self._home, self._maildir = folder / "mu", maildir

    def index(self):
        """Seconds that filling a new database takes."""
        shutil.rmtree(self._home, ignore_errors=True)
        measured.run(["mu", "init", "--muhome", self._home, "--maildir", self._maildir, "--quiet"])
        return measured.run(["mu", "index", "--muhome", self._home, "--quiet"]).seconds

    def bytes(self):
        return sum(p.stat().st_size for p in self._home.rglob("*") if p.is_file())


class Notmuch:
    """notmuch with a new database over one Maildir."""

    def __init__(self, folder, maildir):
        self._database, self._config = folder / "notmuch", folder / "notmuch-config"
        self._config.write_text(f"[database]\npath={self._database}\nmail_root={maildir}\n"
                                "[user]\nname=bench\nprimary_email=bench@acme.example\n"
                                "[new]\ntags=\n[maildir]\nsynchronize_flags=false\n",
                                encoding="utf-8")
        self._database.mkdir()

    def index(self):
        return measured.run(["notmuch", "--config", self._config, "new", "--quiet"]).seconds

    def bytes(self):
        return sum(p.stat().st_size for p in self._database.rglob("*") if p.is_file())
