"""The base class of errors that the user can fix."""


class RolemixError(Exception):
    """An error that the user can fix; the message is one sentence that states what is wrong and what to do.

    Any other exception that reaches the command line is a bug in rolemix.
    """
