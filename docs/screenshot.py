"""Make the picture in the README: a call with the embedded model, two replies in.

python docs/screenshot.py
"""

import asyncio
import tempfile
from pathlib import Path

from textual.widgets import TextArea

from simulator.backends import models
from simulator.content.library import Library, shipped
from simulator.desk import Desk
from simulator.storage.archive import SessionArchive
from simulator.tui.app import Play, SimulatorApp

REPLIES = (
    "Two seats went up while we had you on the phone, and then we dropped you. I'd be angry too.",
    "I'm opening the fare log now, and I'll tell you what it says within two minutes.",
)


async def picture(folder: Path) -> str:
    """The conversation screen as SVG."""
    loaded = models.load(None, None, folder / "memo.json")
    desk = Desk(
        Library([shipped()]),
        SessionArchive(folder / "sessions"),
        loaded.cast,
        app_version="picture",
        trainee="trainee",
        pace=0,
    )
    app = SimulatorApp(desk, Play(scenario="fare-jump", seed=4))
    async with app.run_test(size=(104, 36)) as pilot:
        await pilot.pause(1)
        await pilot.press("enter")
        for reply in REPLIES:
            await pilot.pause(6)
            app.screen.query_one(TextArea).text = reply
            await pilot.pause(1)
            await pilot.press("enter")
        await pilot.pause(8)
        app.screen.query_one(TextArea).text = "All four seats are at the fare you were quoted"
        await pilot.pause(1)
        svg = app.export_screenshot(title="simulator")
    await app.hang_up()
    loaded.close()
    return svg


def main() -> None:
    """Write the picture beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        svg = asyncio.run(picture(Path(folder)))
    Path(__file__).with_name("conversation.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
