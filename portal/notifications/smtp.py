"""Django's mail backend with a limit for the whole conversation, EMAIL_TIMEOUT, and for what the server may say.

A timeout for each read alone lasts for ever with a server that says one letter at a time.
"""

import smtplib
import socket
import time
from typing import Any

from django.core.mail.backends import smtp

MAX_ANSWERS = 65_536  # bytes of all answers in one conversation
GOODBYE = 2.0  # seconds in which the server may take its leave: by then the mail is accepted


class _Lines:
    """Lines of an SMTP server, as smtplib reads them from a file."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self.until = connection, until
        self._waiting, self._left = b"", MAX_ANSWERS

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._waiting and len(self._waiting) < limit:
            self._connection.settimeout(remaining(self.until))
            received = self._connection.recv(4096)
            self._left -= len(received)
            if self._left < 0:
                raise smtplib.SMTPServerDisconnected(f"The server said more than {MAX_ANSWERS:,} bytes.")
            if not received:
                break
            self._waiting += received
        end = self._waiting.find(b"\n") + 1 or len(self._waiting)
        line, self._waiting = self._waiting[: min(end, limit)], self._waiting[min(end, limit) :]
        return line

    def close(self) -> None:
        """The connection is closed by who opened it."""


def remaining(until: float) -> float:
    """Seconds until that moment of time.monotonic. Raises TimeoutError where it is over."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("The mail server took too long over one mail.")
    return left


class _Limited:
    """What both kinds of connection have in common; `timeout` is for the whole conversation."""

    def __init__(self, *args: Any, timeout: float, **more: Any) -> None:
        self._until = time.monotonic() + timeout
        super().__init__(*args, timeout=timeout, **more)  # type: ignore[call-arg]

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Lines(self.sock, self._until)
        return super().getreply()  # type: ignore[misc]

    def send(self, s: Any) -> None:
        if self.sock is not None:
            try:
                self.sock.settimeout(remaining(self._until))
            except TimeoutError as error:
                raise smtplib.SMTPServerDisconnected(str(error)) from None
        super().send(s)  # type: ignore[misc]

    def quit(self) -> tuple[int, bytes]:
        self._until = time.monotonic() + GOODBYE
        if isinstance(self.file, _Lines):
            self.file.until = self._until
        return super().quit()  # type: ignore[misc]

    file: Any
    sock: Any


class _Smtp(_Limited, smtplib.SMTP):
    """Plain, or with STARTTLS."""


class _SmtpSsl(_Limited, smtplib.SMTP_SSL):
    """With TLS from the first byte."""


class EmailBackend(smtp.EmailBackend):
    """As Django's; `timeout` (EMAIL_TIMEOUT) counts from the connection to the end of the conversation."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpSsl if self.use_ssl else _Smtp

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        """Whatever goes wrong when leaving does not undo what was accepted before."""
        try:
            connection.quit()
        except OSError:  # which SMTPException is
            connection.close()
