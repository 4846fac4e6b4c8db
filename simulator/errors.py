"""The one error tree: every leaf carries a sentence a person can act on, and the exit code it ends the program with."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    MODEL = 3
    STORAGE = 4
    INTERRUPTED = 130


class SimulatorError(Exception):
    """Anything the user is told about in one sentence instead of a traceback."""

    exit_code = ExitCode.PROBLEMS


class UsageError(SimulatorError):
    """The command was asked for something that does not exist or cannot be (an unknown scenario, a bad option)."""

    exit_code = ExitCode.USAGE


class ContentError(SimulatorError):
    """A scenario, persona or rubric file cannot be used; the message holds every problem, one a line."""

    exit_code = ExitCode.USAGE


class ModelError(SimulatorError):
    """The model file is missing or broken, or the model failed while it ran."""

    exit_code = ExitCode.MODEL


class StorageError(SimulatorError):
    """A journal cannot be read, written or locked; nothing that was not stored has been shown."""

    exit_code = ExitCode.STORAGE


class ReplyRefused(SimulatorError):
    """The trainee's words were not taken (too long, out of turn); they stay in the input box."""


class Cancelled(SimulatorError):
    """A model job was withdrawn before it finished; whoever withdrew it does not wait for a result."""
