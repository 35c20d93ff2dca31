"""A real Firefox, driven by its own protocol, for the tests that both browsers pass.

Marionette speaks over a socket: the length of a message, a colon, and JSON. What it is
asked are the commands of WebDriver, so that keys and the mouse are those of a hand.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.browser import PATIENCE, Hand

NAMES = ("firefox-esr", "firefox")
KEYS = {
    "Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008",
    "Control": "\ue009", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011",
    "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}  # fmt: skip
CONTROL, SHIFT = 2, 8
SETTINGS = """user_pref("marionette.port", 0);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.proxy.type", 0);
user_pref("toolkit.telemetry.server", "");
"""
# Errors of the scripts of pages, and what pages said by `console.error`. A formula that
# is drawn while half of it is still on its way is no error.
THROWN = """const found = Services.console.getMessageArray().filter((message) =>
  message instanceof Ci.nsIScriptError && !(message.flags & message.warningFlag)
  && message.sourceName.startsWith('http')
  && !message.errorMessage.startsWith('Invalid markup: Incorrect number of children'));
Services.console.reset();
return found.map((message) => message.errorMessage);"""
SAID = """const storage = Components.classes['@mozilla.org/consoleAPI-storage;1']
  .getService(Components.interfaces.nsIConsoleAPIStorage);
const found = storage.getEvents().filter((event) => event.level === 'error');
storage.clearEvents();
return found.map((event) => Array.from(event.arguments).join(' '));"""


def find() -> str | None:
    """Return the path of a Firefox, or None; ``FIREFOX`` names one."""
    if named := os.environ.get("FIREFOX"):
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox(Hand):
    """One browser with one page and an empty profile; use it in a ``with``."""

    AWAY = ("no such window", "unload", "navigat", "discarded", "aborted")

    def __init__(self, path: str):
        self.profile = Path(tempfile.mkdtemp(prefix="firefox-"))
        (self.profile / "user.js").write_text(SETTINGS, "utf-8")
        command = [path, "--headless", "--marionette", "--no-remote"]
        command += ["--remote-allow-system-access", "--profile", self.profile]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"HOME": str(self.profile)},
        )
        self.number, self.waiting = 0, b""

    def __enter__(self):
        port, until = self.profile / "MarionetteActivePort", time.monotonic() + PATIENCE
        while not (port.is_file() and port.read_text()):
            assert time.monotonic() < until, "Firefox does not start"
            time.sleep(0.05)
        place = ("127.0.0.1", int(port.read_text()))
        self.socket = socket.create_connection(place, PATIENCE)
        self.receive()  # its greeting
        self.send("WebDriver:NewSession", capabilities={})
        return self

    def __exit__(self, *error):
        self.socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self):
        """Return the next message."""
        while b":" not in self.waiting:
            self.waiting += self.socket.recv(1 << 16)
        length, _, rest = self.waiting.partition(b":")
        while len(rest) < int(length):
            rest += self.socket.recv(1 << 16)
        self.waiting = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def send(self, command: str, **parameters):
        """Send a command and return its result."""
        self.number += 1
        data = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(data), data))
        _, number, error, result = self.receive()
        assert number == self.number
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def run(self, script: str):
        """Evaluate an expression of JavaScript and return its value."""
        found = self.send(
            "WebDriver:ExecuteScript", script=f"return ({script})", sandbox=None
        )
        return found["value"]

    def open(self, address: str) -> None:
        """Go to `address` and wait until the page has loaded."""
        self.send("WebDriver:Navigate", url=address)

    def reload(self) -> None:
        """Load the page again."""
        self.send("WebDriver:Refresh")

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window another size."""
        self.send("WebDriver:SetWindowRect", width=width, height=height)

    def act(self, kind: str, actions: list[dict], **more) -> None:
        """Let a device do something; see *Actions* in the WebDriver standard."""
        device = {"type": kind, "id": kind, "actions": actions, **more}
        self.send("WebDriver:PerformActions", actions=[device])

    def press(self, key: str, code: int, modifiers: int = 0, text: str = "") -> None:
        """Press and release a key; modifiers: 2 is Control, 8 is Shift."""
        held = {"Control": modifiers & CONTROL, "Shift": modifiers & SHIFT}
        keys = [KEYS[name] for name, is_held in held.items() if is_held]
        keys.append(KEYS.get(key, key))
        down = [{"type": "keyDown", "value": value} for value in keys]
        up = [{"type": "keyUp", "value": value} for value in reversed(keys)]
        self.act("key", down + up)

    def click_at(self, x: float, y: float, count: int = 1) -> None:
        """Move the mouse to a point of the window and click what lies there."""
        place = {"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp"}]
        press[1]["button"] = 0
        mouse = {"pointerType": "mouse"}
        self.act("pointer", [place, *press * count], parameters=mouse)

    def complaints(self) -> list[str]:
        """Return the errors in the console since the last time."""
        found = self.send("WebDriver:ExecuteScript", script=SAID, sandbox="system")
        self.send("Marionette:SetContext", value="chrome")
        more = self.send("WebDriver:ExecuteScript", script=THROWN, sandbox="console")
        self.send("Marionette:SetContext", value="content")
        return found["value"] + more["value"]
