"""Updates and queries that make the engine connect, written so that this is hard to see."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import strategies as st

_SPACE = st.sampled_from(["", " ", "\n", "\t", "#\n", "#>'\"\n", "# ;\r"])
_BEFORE = st.sampled_from(
    [
        "",
        "DELETE { ?a ?b ?c } WHERE { ?a ?b ?c FILTER(?c<'x>') } ;",
        "DELETE { ?a ?b ?c } WHERE { ?a ?b ?c FILTER(?c < 1 || ?c > 'x') } ;",
        'INSERT DATA { <urn:a> <urn:b> "it\'s <" } ;',
        "INSERT DATA { <urn:a> <urn:b> '''# \" ''' } ;",
        "CLEAR ALL;",
        "DROP SILENT GRAPH <urn:load>;",
        "CREATE SILENT GRAPH <urn:#>;",
    ]
)
_AFTER = st.sampled_from(
    [
        "",
        ";",
        ";DELETE { ?a ?b ?c } WHERE { ?a ?b ?c FILTER(?b = '') }",
        ";DELETE { ?a ?b ?c } WHERE { ?a ?b ?c FILTER(?b > '>') }",
        " INTO GRAPH <urn:g>",
        ";#'",
    ]
)


@st.composite
def loads(draw: st.DrawFn, base: str) -> str:
    """An update that loads a document below ``base``, by a full IRI or a prefixed name."""
    load = "".join(draw(st.sampled_from([letter, letter.lower()])) for letter in "LOAD")
    silent = draw(st.sampled_from(["", "SILENT", "silent"]))
    declaration, name = draw(
        st.sampled_from(
            [
                ("", f"<{base}x>"),
                (f"PREFIX : <{base}>", ":x"),
                (f"PREFIX ex: <{base}>", "ex:x"),
                (f"PREFIX silent: <{base}>", "silent:x"),
                (f"BASE <{base}>", "<x>"),
            ]
        )
    )
    gaps = [draw(_SPACE) for _ in range(4)]
    return f"{declaration}{gaps[0]}{draw(_BEFORE)}{gaps[1]}{load}{gaps[2]}{silent}{gaps[3]}{name}{draw(_AFTER)}"


class Listener:
    """An address on this machine that counts who connects to it."""

    def __init__(self, listening: socket.socket) -> None:
        self.base = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        self.connections = 0
        self._listening = listening

    def serve(self) -> None:
        """Accepts connections and closes them, until the socket is closed."""
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@contextmanager
def listen() -> Iterator[Listener]:
    """Listens while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listener = Listener(listening)
        threading.Thread(target=listener.serve, daemon=True).start()
        yield listener
        listening.shutdown(socket.SHUT_RDWR)
