"""The password service that Cyrus asks: what saslauthd speaks on its Unix socket, as a thread.

A question is four strings, each after its length in two bytes: user, password, service, realm. The
answer is one such string, "OK" or "NO"."""

import os
import socket
import struct
import threading


class Saslauthd:
    """Answers on the socket `path` until close(). `knows(address, password)` decides, in the
    service's thread."""

    def __init__(self, path, knows):
        self._knows = knows
        self._socket = socket.socket(socket.AF_UNIX)
        path.unlink(missing_ok=True)
        self._socket.bind(str(path))
        os.chmod(path, 0o666)
        self._socket.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread, which close() would not
        self._socket.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as asked:
                self._answer(connection, asked)

    def _answer(self, connection, asked):
        try:
            user, password, _, realm = (_counted(asked) for _ in range(4))
            address = f"{user}@{realm}" if realm else user
            answer = b"OK" if self._knows(address, password) else b"NO"
            connection.sendall(struct.pack(">H", len(answer)) + answer)
        except (OSError, ValueError, struct.error):  # whoever asked has gone
            return


def _counted(stream):
    (length,) = struct.unpack(">H", stream.read(2))
    return stream.read(length).decode()
