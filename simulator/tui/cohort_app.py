"""The terminal app for a lead who looks at a cohort. Apart from the one for trainees: nobody speaks here, nothing is
written, and no model is loaded."""

from collections.abc import Callable

from textual.app import App
from textual.binding import Binding

from simulator.cohorts.figures import CohortReport, Progress
from simulator.errors import ExitCode
from simulator.tui.cohort_people import CohortPeople
from simulator.tui.cohort_person_screen import CohortPersonScreen
from simulator.tui.cohort_screen import CohortScreen
from simulator.tui.palette import EVENING


def run(made: CohortReport, progress_of: Callable[[str], Progress]) -> int:
    """Show a cohort until the lead leaves.

    Args:
        made: Its figures.
        progress_of: Looks up one person's own sessions.

    Returns:
        The exit code for the process.
    """
    app = CohortApp(made, progress_of)
    app.run()
    return app.return_code or ExitCode.OK


class CohortApp(App[None]):
    """The cohort, and from there one person after the other."""

    CSS_PATH = ["simulator.tcss", "cohort.tcss"]
    ENABLE_COMMAND_PALETTE = False
    TITLE = "simulator"
    BINDINGS = [Binding("ctrl+q,ctrl+c", "leave", "Quit", key_display="^q", priority=True)]

    def __init__(self, made: CohortReport, progress_of: Callable[[str], Progress]) -> None:
        super().__init__()
        self.register_theme(EVENING)
        self.theme = EVENING.name
        self.animation_level = "none"
        self._made = made
        self._progress_of = progress_of

    async def on_mount(self) -> None:
        """Begin with the cohort."""
        await self.push_screen(CohortScreen(self._made))

    def on_cohort_people_chosen(self, event: CohortPeople.Chosen) -> None:
        """Show the person."""
        self.push_screen(CohortPersonScreen(self._progress_of(event.person)))

    def on_cohort_screen_left(self) -> None:
        """Leave."""
        self.exit()

    def action_leave(self) -> None:
        """Leave at once."""
        self.exit()
