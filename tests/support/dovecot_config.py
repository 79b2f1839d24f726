"""The configuration of a throwaway Dovecot 2.3 that runs without privileges, as one user."""

import dataclasses
import pathlib

# Folder names that the server announces with a special use, as SPECIAL-USE says it.
SPECIAL_USE = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Trash": "\\Trash", "Junk": "\\Junk"}


@dataclasses.dataclass
class Settings:
    """What a test may choose. `extra` is Dovecot configuration added at the end.

    `disk_names` is how folders are spelt on disk: "utf-8" or "mutf-7". `capability` replaces the
    announced IMAP capabilities (e.g. to hide CONDSTORE). `list_index` lets LIST and STATUS
    answer from an index, as a default Dovecot does; it then may not see a folder that a test makes
    on disk, so that is for benchmarks."""

    separator: str = "/"
    prefix: str = ""
    disk_names: str = "utf-8"
    zone: str = "UTC"
    certificate: str = "valid"
    special_use: dict = dataclasses.field(default_factory=lambda: dict(SPECIAL_USE))
    capability: str = ""
    list_index: bool = False
    extra: str = ""


def _special_folders(settings):
    return "".join(f'  mailbox "{name}" {{\n    special_use = {use}\n    auto = subscribe\n  }}\n'
                   for name, use in settings.special_use.items())


def configuration(settings, folder: pathlib.Path, run: pathlib.Path, user, group, ports):
    """The text of dovecot.conf; `ports` is (imap, imaps), `user` and `group` are names."""
    location = "maildir:~/Maildir:LAYOUT=fs" + (":UTF-8" if settings.disk_names == "utf-8" else "")
    capability = f"imap_capability = {settings.capability}" if settings.capability else ""
    return f"""
base_dir = {run}
state_dir = {folder}/state
log_path = {folder}/log/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{folder}/tls/server.pem
ssl_key = <{folder}/tls/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0 secs
mail_location = {location}
mail_fsync = never
mailbox_list_index = {"yes" if settings.list_index else "no"}
mail_max_userip_connections = 1000
namespace inbox {{
  inbox = yes
  separator = {settings.separator}
  prefix = {settings.prefix}
{_special_folders(settings)}}}
passdb {{
  driver = dict
  args = {folder}/users.conf
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%Lu
}}
service imap-login {{
  chroot =
  process_limit = 500
  inet_listener imap {{
    port = {ports[0]}
  }}
  inet_listener imaps {{
    port = {ports[1]}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
protocol imap {{
  mail_plugins = $mail_plugins zlib imap_zlib
  {capability}
}}
{settings.extra}
"""


def users_configuration(folder: pathlib.Path):
    """Where users stand: one JSON file each. (A passwd-file is looked at once a second only.)"""
    return f"""uri = fs:posix:prefix={folder}/users/
default_pass_scheme = PLAIN
key passdb {{
  key = passdb/%Lu
  format = json
}}
passdb_objects = passdb
"""
