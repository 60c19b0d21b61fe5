"""What goes wrong with backups."""


class BackupFailed(Exception):
    """The backup could not be made or restored; the message says why and what to do. Nothing is half-done.

    `restored`: the data is there, but something about it is not as it was backed up.
    """

    def __init__(self, message: str, *, restored: bool = False) -> None:
        super().__init__(message)
        self.restored = restored
