"""A real Chromium, driven over two pipes, and a server for the built book.

Chromium's own protocol (one JSON object a message, ended by a zero byte) needs no
driver and no package. ``python -m tests.browser FOLDER`` serves a folder as a web
server that compresses does, to look at a page or to measure it.
"""

import contextlib
import functools
import gzip
import http.server
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 300  # seconds for one answer, on a busy machine
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # containers have none to offer
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    # No other host can be reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
    "about:blank",
)


def find() -> str | None:
    """Return the path of a Chromium, or None; ``CHROMIUM`` names one."""
    if not hasattr(os, "posix_spawn"):
        return None
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """What ``python -m http.server`` does, with a list for a log."""

    def __init__(self, *arguments, asked: list[str], **settings):
        self.asked = asked
        super().__init__(*arguments, **settings)

    def log_message(self, *arguments):
        self.asked.append(self.path)


@functools.lru_cache(maxsize=500)
def compressed(data: bytes) -> bytes:
    """Pack `data` as web servers do."""
    return gzip.compress(data, 6)


class CompressingHandler(QuietHandler):
    """As web servers are set up: text travels packed, connections stay open."""

    protocol_version = "HTTP/1.1"
    PACKED = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".py")

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in self.PACKED or not path.is_file():
            super().do_GET()
            return
        data = compressed(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextlib.contextmanager
def served(folder: Path, asked: list[str] | None = None, handler=QuietHandler):
    """Serve `folder` on this machine; give its address and note what is asked for."""
    asked = [] if asked is None else asked
    handler = functools.partial(handler, directory=str(folder), asked=asked)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Chromium:
    """One browser with an empty profile; use it in a ``with`` statement."""

    def __init__(self, path: str, content_settings: dict[str, int] | None = None):
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        preferences = Path(self.profile) / "Default" / "Preferences"
        preferences.parent.mkdir()
        values = {"default_content_setting_values": content_settings or {}}
        preferences.write_text(json.dumps({"profile": values}), "utf-8")
        # The browser reads commands from descriptor 3 and answers on 4.
        read_here, write_there = pipe()
        read_there, write_here = pipe()
        command = [path, f"--user-data-dir={self.profile}", *ARGUMENTS]
        null = os.open(os.devnull, os.O_RDWR)
        self.process = os.posix_spawn(
            path,
            command,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 1),
                (os.POSIX_SPAWN_DUP2, null, 2),
                (os.POSIX_SPAWN_DUP2, read_there, 3),
                (os.POSIX_SPAWN_DUP2, write_there, 4),
            ],
            setpgroup=0,
        )
        for descriptor in (null, read_there, write_there):
            os.close(descriptor)
        self.read_from, self.write_to = read_here, write_here
        self.waiting, self.events, self.number = b"", [], 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        os.close(self.write_to)
        os.close(self.read_from)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, seconds: float) -> dict | None:
        """Return the next message, or None if there is none in time."""
        until = time.monotonic() + seconds
        while b"\0" not in self.waiting:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.read_from], [], [], left)[0]:
                return None
            piece = os.read(self.read_from, 1 << 20)
            if not piece:
                raise ConnectionError("the browser has ended")
            self.waiting += piece
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def send(self, method: str, session: str | None = None, **parameters) -> dict:
        """Send a command and return its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write_to, data) :]
        while (answer := self.receive(PATIENCE)) is not None:
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)
        raise TimeoutError(f"{method}: no answer")

    def page(self, fresh: bool = False) -> "Page":
        """Open an empty page; a fresh one shares nothing with others before it."""
        options = {"url": "about:blank"}
        if fresh:
            context = self.send("Target.createBrowserContext")
            options |= {"browserContextId": context["browserContextId"]}
        target = self.send("Target.createTarget", **options)["targetId"]
        return Page(self, target, options.get("browserContextId"))


def pipe() -> list[int]:
    """Return the two ends of a pipe, clear of the descriptors of a new process."""
    import fcntl  # not on Windows

    ends = []
    for low in os.pipe():
        ends.append(fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(low)
    return ends


class Hand:
    """What a reader does on a page, in terms of a few things a browser can do."""

    AWAY = ("navigated", "context")  # what an error says on the way to another page

    def holds(self, script: str) -> bool:
        """Tell whether an expression is true; on the way to a page it is not."""
        try:
            return bool(self.run(script))
        except RuntimeError as error:
            if any(word in str(error) for word in self.AWAY):
                return False
            raise

    def wait_for(self, script: str, seconds: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        until = time.monotonic() + seconds
        while not self.holds(script):
            if time.monotonic() > until:
                raise TimeoutError(f"after {seconds} s still not: {script}")
            time.sleep(0.05)

    def place_of(self, element: str, x: float = 0.5, y: float = 0.5) -> list[float]:
        """Bring an element into view; return a point of it, from its top left corner.

        `element` is an expression of JavaScript; `x` and `y` are shares of its size.
        """
        show = (
            f"(() => {{ const found = {element};"
            "found.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const {left, top, width, height} = found.getBoundingClientRect();"
            f"return [left + {x} * width, top + {y} * height]; }})()"
        )
        place = None
        while place != (place := self.run(show)):
            time.sleep(0.05)  # what comes near is laid out, and moves
        return place

    def click(self, element: str) -> None:
        """Click the middle of an element, or what lies over it, with the mouse."""
        self.click_at(*self.place_of(element))

    def type(self, text: str) -> None:
        """Press the keys that write `text`, one by one."""
        for sign in text:
            if sign == "\n":
                self.press("Enter", 13, text="\r")
            else:
                self.press(sign, 0, text=sign)


class Page(Hand):
    """One page of a `Chromium`."""

    def __init__(self, browser: Chromium, target: str, context: str | None = None):
        self.browser, self.target, self.context = browser, target, context
        self.session = browser.send(
            "Target.attachToTarget", targetId=target, flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters) -> dict:
        """Send a command to this page."""
        return self.browser.send(method, self.session, **parameters)

    def close(self) -> None:
        """Close the page and forget what was told about it."""
        self.browser.send("Target.closeTarget", targetId=self.target)
        self.browser.events = [
            e for e in self.browser.events if e.get("sessionId") != self.session
        ]

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window another size."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, **features: str) -> None:
        """Set what a style sheet may ask for, as in ``reduced_motion="reduce"``."""
        named = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value}
            for name, value in features.items()
        ]
        self.send("Emulation.setEmulatedMedia", features=named)

    def run(self, script: str):
        """Evaluate an expression of JavaScript and return its value."""
        result = self.send(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
            userGesture=True,
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def open(self, address: str) -> None:
        """Go to `address` and wait until the page has loaded."""
        if address.startswith("file:"):
            sys.audit("tests.browser.file", address)  # see tests/stamps.py
        self.send("Page.navigate", url=address)
        self.wait_for(
            f"location.href === {json.dumps(address)} && "
            "document.readyState === 'complete'"
        )

    def reload(self) -> None:
        """Load the page again."""
        self.run("window.before = true")
        self.send("Page.reload")
        self.wait_for("!window.before && document.readyState === 'complete'")

    def press(self, key: str, code: int, modifiers: int = 0, text: str = "") -> None:
        """Press and release a key; modifiers: 2 is Control, 8 is Shift."""
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
                text=text if kind == "keyDown" else "",
            )

    def click_at(self, x: float, y: float, count: int = 1) -> None:
        """Move the mouse to a point of the window and click what lies there."""
        place = {"x": x, "y": y}
        self.send("Input.dispatchMouseEvent", type="mouseMoved", **place)
        place |= {"button": "left"}
        for n in range(1, count + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.send("Input.dispatchMouseEvent", type=kind, clickCount=n, **place)

    def tap_at(self, x: float, y: float) -> None:
        """Tap a point of the window with a finger."""
        self.send("Emulation.setTouchEmulationEnabled", enabled=True)
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            self.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def tap(self, element: str) -> None:
        """Tap the middle of an element, or what lies over it, with a finger."""
        self.tap_at(*self.place_of(element))

    def messages(self) -> list[dict]:
        """Return what the browser has told about this page so far."""
        self.run("0")
        return [e for e in self.browser.events if e.get("sessionId") == self.session]

    def complaints(self) -> list[str]:
        """Return every error in the page's console."""
        found = []
        for event in self.messages():
            data = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                found.append(str(data["exceptionDetails"]))
            if (
                event["method"] == "Log.entryAdded"
                and data["entry"]["level"] == "error"
            ):
                found.append(str(data["entry"]))
            if (
                event["method"] == "Runtime.consoleAPICalled"
                and data["type"] == "error"
            ):
                found.append(str(data["args"]))
        return found

    def received(self) -> int:
        """Return how many bytes have come, as they travel, with their headers."""
        return sum(
            event["params"]["encodedDataLength"]
            for event in self.messages()
            if event["method"] == "Network.loadingFinished"
        )

    def requests(self) -> list[str]:
        """Return the addresses that the page has asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.messages()
            if event["method"] == "Network.requestWillBeSent"
        ]


if __name__ == "__main__":
    with served(Path(sys.argv[1]), handler=CompressingHandler) as address:
        print(address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
