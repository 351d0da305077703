"""A headless Chromium, driven by its DevTools protocol over two pipes; needs no package but the browser."""

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions",
    "--hide-scrollbars", "--force-device-scale-factor=1", "--force-prefers-reduced-motion",
]  # fmt: skip
PATIENCE = 60  # seconds; enough for a busy machine


def executable():
    """Return the path of the browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page in a browser of its own.

    Attributes:
        requests: the addresses that a page has requested.
        complaints: errors of scripts, and messages on the console.
    """

    def __init__(self, path, profile):
        self.requests, self.complaints = [], []
        self._numbers = itertools.count(1)
        self._rest = b""
        answers, browser_out = os.pipe()
        browser_in, orders = os.pipe()
        self._answers, self._orders = answers, orders

        def connect():
            """Give the browser its pipes: it reads commands from descriptor 3 and writes answers to 4."""
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (browser_in, browser_out)]
            for end, number in zip(ends, (3, 4), strict=True):
                os.dup2(end, number)

        self._process = subprocess.Popen(
            [path, *ARGUMENTS, f"--user-data-dir={profile}"], preexec_fn=connect, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(browser_in)
        os.close(browser_out)
        self._session = None
        target = self.order("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.order("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.order(f"{domain}.enable")
        self.order(
            "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0
        )

    def close(self):
        """Stop the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._answers)
        os.close(self._orders)

    def order(self, method, **parameters):
        """Send a command of the protocol and return its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._orders, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != number:
            self._note(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def open(self, path, width=1200, height=800, scheme="light"):
        """Open a file in a window of the given size, and wait until its scripts have run."""
        self.order("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.order("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
        ])  # fmt: skip
        self.order("Page.navigate", url="about:blank")
        self.order("Page.navigate", url=path.as_uri())
        self.wait("document.readyState === 'complete'")
        self.settle()

    def run(self, expression):
        """Return the value of a JavaScript expression; waits for a promise."""
        answer = self.order("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression):
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.02)

    def settle(self):
        """Wait until the page is drawn."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def mouse(self, kind, x, y, **more):
        """Press, move, release or turn the wheel at a position in the window."""
        self.order("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)
        self.settle()

    def click(self, x, y):
        """Click at a position in the window."""
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def type(self, text):
        """Insert text at the cursor."""
        self.order("Input.insertText", text=text)
        self.settle()

    def key(self, name, **more):
        """Press and release a key, such as "Enter"."""
        for kind in ("keyDown", "keyUp"):
            self.order("Input.dispatchKeyEvent", type=kind, key=name, **more)
        self.settle()

    def screenshot(self):
        """Return the window as the bytes of a PNG file."""
        return base64.b64decode(self.order("Page.captureScreenshot", format="png")["data"])

    def _read(self):
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._answers], [], [], max(0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            piece = os.read(self._answers, 1 << 16)
            assert piece, "the browser has ended"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _note(self, event):
        parameters = event.get("params", {})
        if event["method"] == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(parameters["exceptionDetails"])
        elif event["method"] == "Runtime.consoleAPICalled" or parameters.get("entry", {}).get("level") == "error":
            self.complaints.append(parameters)
