"""The one family of errors that a user can mend."""


class RolemixError(Exception):
    """Something a user can mend; the message is one sentence that says what to do.

    Any other exception that reaches the command line is a bug in rolemix.
    """
