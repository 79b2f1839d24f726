"""What a person with a mail program, or another program, does on a throwaway server over IMAP."""

import contextlib
import imaplib

import imap_reader
from folder_names import quoted


class ImapActions:
    """The part of a server's class that needs IMAP only. Folders are named with "/" between levels,
    whatever the server shows; it shows `prefix` before every name but INBOX's, and `separator`
    between levels. `_passwords` is {address: password}."""

    separator = "/"
    prefix = ""

    def imap(self, address):
        """A logged-in imaplib connection over TLS."""
        return imap_reader.connect(self.host, self.imaps_port, address, self._passwords[address],
                                   self.ca_file)

    def server_name(self, folder):
        """The name of `folder` as the server shows it, with prefix and separator."""
        if folder.upper() == "INBOX":
            return "INBOX"
        return self.prefix + folder.replace("/", self.separator)

    def folders(self, address):
        """The folders that can be selected, "/" between levels, INBOX first."""
        with self.imap(address) as connection:
            names = imap_reader.folder_names(imap_reader.Conversation(connection))
        inside = [name.removeprefix(self.prefix).replace(self.separator, "/") for name in names
                  if name != "INBOX"]
        return ["INBOX", *inside]

    def create_folder(self, address, folder):
        with self._session(address) as connection:
            _must(connection.create(self._spelt(folder)))

    def delete_folder(self, address, folder):
        with self._session(address) as connection:
            _must(connection.delete(self._spelt(folder)))

    def rename_folder(self, address, old, new):
        with self._session(address) as connection:
            _must(connection.rename(self._spelt(old), self._spelt(new)))

    def uids(self, address, folder):
        with self._session(address, folder) as connection:
            return [int(uid) for uid in _must(connection.uid("SEARCH", "ALL"))[0].split()]

    def set_flags(self, address, folder, uids, flags, mode="FLAGS"):
        """`mode` is "FLAGS" to replace, "+FLAGS" to add, "-FLAGS" to remove."""
        with self._session(address, folder) as connection:
            _must(connection.uid("STORE", _uid_set(uids), mode, f"({' '.join(flags)})"))

    def append(self, address, folder, raw, flags=(), internaldate=None):
        """Uploads one message as a mail program would. The server may change its bytes."""
        when = None if internaldate is None else imaplib.Time2Internaldate(internaldate)
        with self._session(address) as connection:
            _must(connection.append(self._spelt(folder), f"({' '.join(flags)})", when, raw))

    def move(self, address, folder, uids, target):
        with self._session(address, folder) as connection:
            if b"MOVE" in _must(connection.capability())[0].split():
                _must(connection.uid("MOVE", _uid_set(uids), self._spelt(target)))
                return
            _must(connection.uid("COPY", _uid_set(uids), self._spelt(target)))
        self.expunge(address, folder, uids)

    def expunge(self, address, folder, uids=None):
        """Deletes messages (default: all) for good, as a person with a mail program does."""
        chosen = "1:*" if uids is None else _uid_set(uids)
        with self._session(address, folder) as connection:
            _must(connection.uid("STORE", chosen, "+FLAGS.SILENT", "(\\Deleted)"))
            _must(connection.expunge())

    def purge(self, address):
        """Deletes every message of the account, as a leaver does before leaving."""
        for folder in self.folders(address):
            self.expunge(address, folder)

    @contextlib.contextmanager
    def _session(self, address, folder=None):
        with self.imap(address) as connection:
            if folder is not None:
                _must(connection.select(self._spelt(folder)))
            yield connection

    def _spelt(self, folder):
        return quoted(self.server_name(folder))


def _must(answer):
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"the server said {status}: {data}")
    return data


def _uid_set(uids):
    return ",".join(str(uid) for uid in uids)
