#!/usr/bin/env python3
"""Runs a command and sends it a signal when a file has grown by a line that matches.

interrupt.py SIGNAL FILE PATTERN COMMAND…

Prints the command's exit status as a shell would say it. Fails if the line does not come while the
command runs, or if the command outlives the signal by 30 seconds.
"""

import os
import re
import signal
import subprocess
import sys
import time


def main():
    name, file, pattern, *command = sys.argv[1:]
    start = os.path.getsize(file) if os.path.exists(file) else 0

    def defaults():
        # A shell starts background commands with SIGINT ignored; this is to be like a terminal.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with open("out", "w") as out, open("err", "w") as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=defaults)
    end = time.monotonic() + 120
    while not grown(file, start, pattern):
        if process.poll() is not None:
            sys.exit(f"the command ended with {process.returncode} before `{pattern}` came")
        if time.monotonic() > end:
            process.kill()
            sys.exit(f"`{pattern}` did not come")
        time.sleep(0.01)
    process.send_signal(signal.Signals[name])
    try:
        status = process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit("the command still ran 30 seconds after the signal")
    print(status if status >= 0 else 128 - status)


def grown(file, start, pattern):
    if not os.path.exists(file):
        return False
    with open(file, "rb") as content:
        content.seek(start)
        return re.search(pattern.encode(), content.read()) is not None


main()
