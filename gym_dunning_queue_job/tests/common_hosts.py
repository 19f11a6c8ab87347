"""What stands before several hosts: a balancer of load."""

import selectors
import socket
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

from odoo.tests.common import HOST

SIZE = 65536


class PassOn(BaseRequestHandler):
    """Pass a connection on to the next server that answers."""

    def handle(self):
        for port in self.server.next_ports():
            with suppress(OSError), socket.create_connection((HOST, port)) as there:
                self._pass(self.request, there)
                return

    def _pass(self, *ends):
        with selectors.DefaultSelector() as selector:
            for end, other in (ends, ends[::-1]):
                selector.register(end, selectors.EVENT_READ, other)
            while True:
                for key, __ in selector.select():
                    if not (data := key.fileobj.recv(SIZE)):
                        return
                    key.data.sendall(data)


class Balancer(ThreadingTCPServer):
    """Gives each of these ports a connection in turn, as HAProxy before hosts does."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__((HOST, 0), PassOn)
        self.port = self.server_address[1]
        self.ports = []
        Thread(target=self.serve_forever, daemon=True).start()

    def next_ports(self):
        self.ports.append(self.ports.pop(0))
        return [*self.ports]

    def close(self):
        self.shutdown()
        self.server_close()
