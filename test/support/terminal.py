"""Runs a command in a terminal of its own: terminal.py COLUMNS ROWS COMMAND...

What comes on standard input is typed, what the terminal shows goes to standard output. A line "\\x1e COLUMNS ROWS" resizes it. Exits as the command does.
"""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios


def main() -> int:
    columns, rows, *command = sys.argv[1:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    resize(terminal, int(columns), int(rows))
    inputs = [terminal, 0]
    while True:
        readable, _, _ = select.select(inputs, [], [])
        if terminal in readable:
            try:
                shown = os.read(terminal, 65536)
            except OSError:
                break  # Linux says EIO when the last process that had it open has ended.
            if not shown:
                break
            os.write(1, shown)
        if 0 in readable:
            typed = os.read(0, 65536)
            if not typed:
                inputs.remove(0)
            for size in re.findall(rb"\x1e (\d+) (\d+)\n", typed):
                resize(terminal, int(size[0]), int(size[1]))
            keys = re.sub(rb"\x1e \d+ \d+\n", b"", typed)
            if keys:
                os.write(terminal, keys)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) % 256


def resize(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


sys.exit(main())
