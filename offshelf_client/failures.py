"""How a command ends when it could not do what was asked: one sentence, and an exit status."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit statuses. They stay as they are: scripts depend on them."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_LOGGED_IN = 3
    NO_ANSWER = 4
    PARTLY = 5
    INTERRUPTED = 130


MEANINGS = {
    Exit.DONE: "done",
    Exit.REFUSED: "the server refused the request; the message ends with the problem's code",
    Exit.USAGE: "wrong arguments, or a file that cannot be read or written",
    Exit.NOT_LOGGED_IN: "not logged in, or the key was refused or lacks a scope",
    Exit.NO_ANSWER: "no usable answer in time: the server is away, too busy, or something else answers there",
    Exit.PARTLY: "done, but some rows, recalls or listings were set aside; each was reported",
    Exit.INTERRUPTED: "interrupted",
}


class Failure(Exception):
    """The command ends; the message is one sentence for a person. `code` is the problem's code, where there is one."""

    def __init__(self, message: str, status: Exit, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code
