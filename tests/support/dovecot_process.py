"""How a throwaway Dovecot is started: what is its own beside ServerProcess.

What tests use is the class Dovecot in dovecot.py; this is the part of it that knows no mail."""

import grp
import pwd

import dovecot_config
from server_process import ServerProcess

PROGRAM = "/usr/sbin/dovecot"


class DovecotProcess(ServerProcess):
    """One Dovecot, a context manager. Settings are those of dovecot_config.Settings."""

    name = "dovecot"
    parts = ("state", "mail")

    def __init__(self, folder=None, **settings):
        self.settings = dovecot_config.Settings(**settings)
        super().__init__(folder, self.settings.certificate)

    def _command(self):
        user, group = pwd.getpwuid(self._uid).pw_name, grp.getgrgid(self._gid).gr_name
        config = self.folder / "dovecot.conf"
        config.write_text(dovecot_config.configuration(
            self.settings, self.folder, self._run, user, group, (self.imap_port, self.imaps_port)),
            encoding="utf-8")
        (self.folder / "users.conf").write_text(
            dovecot_config.users_configuration(self.folder), encoding="utf-8")
        return [PROGRAM, "-F", "-c", config], {"TZ": self.settings.zone}
