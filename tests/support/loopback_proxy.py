"""What the proxies on loopback share: they listen, and forward each connection to one server's port."""

import contextlib
import socket
import threading


class LoopbackProxy:
    """Listens on `port` from construction to close(), a context manager. A subclass forwards."""

    def __init__(self, to_port):
        self._to_port = to_port
        self._lock = threading.Lock()
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()

    def _forward(self, client, server):
        """Returns when the connection is over; both sockets are closed then."""
        raise NotImplementedError

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self._to_port))
        except OSError:
            client.close()
            return
        with client, server:
            with self._lock:
                self._open |= {client, server}
            with contextlib.suppress(OSError):
                self._forward(client, server)
            with self._lock:
                self._open -= {client, server}

    def _cut_all(self):
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
