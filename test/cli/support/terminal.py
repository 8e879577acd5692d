"""Runs a command on a pseudo-terminal of its own and types what it is told to.

terminal.py ROWS COLUMNS STEPS COMMAND...    STEPS: JSON list of [text to wait for, text to type]

Prints what the terminal showed; ends with the command's exit code, or 99 when a text did not come in time, or the
command did not end soon after the last of them.
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

DEADLINE = 60
DEADLINE_AFTER_LAST_KEY = 12

rows, columns, steps, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', int(rows), int(columns), 0, 0))
    os.execvp(command[0], command)

shown = b''
seen = 0
todo = json.loads(steps)
end = time.monotonic() + DEADLINE
while True:
    if time.monotonic() > end:
        os.kill(pid, 9)
        break
    if todo and todo[0][0].encode() in shown[seen:]:
        seen = len(shown)
        os.write(terminal, todo.pop(0)[1].encode())
        end = time.monotonic() + (DEADLINE if todo else DEADLINE_AFTER_LAST_KEY)
    if not select.select([terminal], [], [], 0.1)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # the other end is closed: the command has ended
        break
    if not chunk:
        break
    shown += chunk

_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) and not todo else 99)
