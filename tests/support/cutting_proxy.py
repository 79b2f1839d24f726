"""A loopback proxy that breaks connections: after so many bytes from the client, or all at once.

    with CuttingProxy(server.imaps_port) as proxy:
        proxy.cut_after(40_000)     # the next 40,000 bytes of clients go through, then all is cut
        …                           # a client that connects again goes through"""

import select

from loopback_proxy import LoopbackProxy


class CuttingProxy(LoopbackProxy):
    def __init__(self, to_port):
        self.cuts = 0
        self._left = None  # bytes until the cut
        super().__init__(to_port)

    def cut_after(self, count):
        with self._lock:
            self._left = count

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
