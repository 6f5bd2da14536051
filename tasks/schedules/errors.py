"""What can be wrong with a schedule."""

from db.errors import InputError, told


class ScheduleError(InputError):
    """It cannot be done with this schedule."""


class UnknownScheduleError(ScheduleError):
    """There is none of that name."""

    message = told("Look the name up under /schedule: nothing there is called “{name}”.")


class TakenNameError(ScheduleError):
    """There is one of that name."""

    message = told("Choose another name: there is a schedule called “{name}” already.")


class BadNameError(ScheduleError):
    """It is no name."""

    message = told("Choose a name of small letters, digits and “-”, up to 40 characters: “{name}” is none.")


class NotACronError(ScheduleError):
    """It is no line of cron."""

    message = told(
        "Write five fields, such as “0 9 * * 1” for Mondays at 09:00 (minute, hour, day, month, weekday): “{cron}” "
        "cannot be read."
    )


class NeverFiresError(ScheduleError):
    """There is no such day."""

    message = told("Choose another day, such as “0 9 28 * *”: the days of “{cron}” never come.")


class PeriodError(ScheduleError):
    """It would come more often, or more seldom, than is good."""

    message = told("Choose a time from {least} to 7 days: “{name}” is done again after it.")


class UnknownZoneError(ScheduleError):
    """There is no such time zone."""

    message = told("Name a zone such as Asia/Seoul or Europe/Berlin: there is none called “{zone}”.")


class UnknownWorkError(ScheduleError):
    """There is nothing of that name to do."""

    message = told("Choose one of {known}: “{what}” is nothing that can be scheduled.")


class AlwaysThereError(ScheduleError):
    """It is one of those that are always there."""

    message = told("Pause “{name}” instead: it is one of those that are always there.")


class NothingChangesError(ScheduleError):
    """It stands so already."""

    message = told("Nothing to do: “{name}” stands so already.")


class NoPatternError(ScheduleError):
    """The broadcast that is the pattern is gone, or is no draft."""

    message = told("Choose a broadcast that is a draft: number {number} is none, and only a draft can be a pattern.")


class NoTimeError(ScheduleError):
    """It is no time of the day."""

    message = told("Write a time such as 09:00: “{time}” is none.")


class NotInChargeError(ScheduleError):
    """Whoever has added it has no charge any more."""

    message = told("Run it or resume it yourself: who has added “{name}” is not in charge any more, so it is paused.")


class NoPeriodError(ScheduleError):
    """It is no time between two."""

    message = told("Write a number with s, m, h or d, such as 30s or 5m: “{every}” is none.")


class OtherTimeError(ScheduleError):
    """It comes by another sort of time."""

    message = told("Look at it under /schedule: the time of “{name}” is changed in another way.")


class OneTimeError(ScheduleError):
    """None, or several of them."""

    message = told("Give one of --every, --at and --cron.")
