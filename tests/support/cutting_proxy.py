"""A loopback proxy that breaks connections: after so many bytes from the client, or all at once.

    with CuttingProxy(server.imaps_port) as proxy:
        proxy.cut_after(40_000)     # the next 40,000 bytes of clients go through, then all is cut
        …                           # a client that connects again goes through"""

import contextlib
import select
import socket
import threading


class CuttingProxy:
    """Listens on `port` from construction to close()."""

    def __init__(self, to_port):
        self.cuts = 0
        self._to_port = to_port
        self._left = None  # bytes until the cut
        self._lock = threading.Lock()
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def cut_after(self, count):
        with self._lock:
            self._left = count

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()

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

    def _forward(self, client, server):
        while True:
            for ready in select.select([client, server], [], [])[0]:
                data = ready.recv(1 << 14)
                if not data:
                    return
                if ready is server:
                    client.sendall(data)
                    continue
                passed = self._passing(data)
                server.sendall(passed)
                if len(passed) < len(data):
                    self._cut_all()
                    return

    def _passing(self, data):
        with self._lock:
            if self._left is None:
                return data
            passed = data[:self._left]
            self._left -= len(passed)
            if len(passed) < len(data):
                self._left = None
                self.cuts += 1
            return passed

    def _cut_all(self):
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
