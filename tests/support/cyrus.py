"""A throwaway real Cyrus 3.6 on a free loopback port, for tests; see scripts/test_servers.

    with Cyrus() as server:
        server.add_user("lin@acme.example", "secret")
        server.append("lin@acme.example", "Customers/ACME", b"Subject: hello\\r\\n\\r\\n")

The interface is that of Dovecot, as far as it goes over IMAP. Users' passwords are known to a thread of
this process, which plays saslauthd. What Cyrus logs goes to the system's log."""

import pwd
import secrets

import extracted_servers
from imap_actions import ImapActions
from saslauthd import Saslauthd
from server_process import ServerProcess

_ADMIN = "cyrus"


class Cyrus(ImapActions, ServerProcess):
    """One server with its users and their mail.

    `separator` is "/" or "."; with `prefix` "INBOX." (or "INBOX/") all folders are below INBOX."""

    name = "cyrus"
    parts = ("conf", "conf/socket", "mail")

    def __init__(self, folder=None, separator="/", prefix="", zone="UTC", certificate="valid"):
        super().__init__(folder, certificate)
        self.separator, self.prefix, self._zone = separator, prefix, zone
        self._passwords = {_ADMIN: secrets.token_hex(8)}
        self._saslauthd = None

    def start(self):
        self._saslauthd = Saslauthd(self._run / "mux", self._knows)
        super().start()

    def stop(self):
        super().stop()
        self._silence()

    def close(self):
        super().close()
        self._silence()

    def _silence(self):
        if self._saslauthd:
            self._saslauthd.close()
            self._saslauthd = None

    def _knows(self, address, password):
        return self._passwords.get(address) == password

    # ---- users

    def add_user(self, address, password):
        """Adds `address`, or changes its password. Its INBOX is made at the first login.

        Where "." separates levels, Cyrus knows no user with a dot before the @."""
        if self.separator == "." and "." in address.partition("@")[0]:
            raise ValueError(f"Cyrus cannot have the user {address}")
        self._passwords[address] = password

    def remove_user(self, address):
        """Forbids the login; the mail stays."""
        del self._passwords[address]

    def set_quota(self, address, kilobytes):
        """Limits what the account may store; None lifts the limit."""
        self.imap(address).logout()  # makes the INBOX that the limit is set on
        root = self.separator.join(("user", address))
        limit = "()" if kilobytes is None else f"(STORAGE {kilobytes})"
        with self.imap(_ADMIN) as admin:
            status, said = admin.setquota(f'"{root}"', limit)
        if status != "OK":
            raise RuntimeError(f"the server said {status}: {said}")

    # ---- the process

    def _command(self):
        root = extracted_servers.programs(self.folder)
        programs = root / "usr" / "lib" / "cyrus" / "bin"
        settings, services = self.folder / "imapd.conf", self.folder / "cyrus.conf"
        settings.write_text(self._settings(), encoding="utf-8")
        services.write_text(self._services(programs, settings), encoding="utf-8")
        line = [programs / "master", "-C", settings, "-M", services, "-p", self._run / "pid", "-D"]
        return line, {**extracted_servers.environment(root), "TZ": self._zone}

    def _settings(self):
        return f"""
cyrus_user: {pwd.getpwuid(self._uid).pw_name}
configdirectory: {self.folder}/conf
defaultpartition: default
partition-default: {self.folder}/mail
proc_path: {self._run}/proc
mboxname_lockpath: {self._run}/lock
idlesocket: {self._run}/idle
notifysocket: {self._run}/notify
skiplist_unsafe: yes
virtdomains: userid
unixhierarchysep: {"yes" if self.separator == "/" else "no"}
altnamespace: {"no" if self.prefix else "yes"}
expunge_mode: immediate
delete_mode: immediate
admins: {_ADMIN}
autocreate_quota: 0
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {self._run}/mux
tls_server_cert: {self.folder}/tls/server.pem
tls_server_key: {self.folder}/tls/server.key
tls_session_timeout: 0
"""

    def _services(self, programs, settings):
        return f"""
START {{
  recover cmd="{programs}/ctl_cyrusdb -C {settings} -r"
}}
SERVICES {{
  imaps cmd="{programs}/imapd -s -C {settings}" listen="127.0.0.1:{self.imaps_port}" prefork=0
}}
EVENTS {{
}}
"""
