"""A child of `data.parsing` that does what a hostile file might make it do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa

from data.errors import FileRefused
from data.parsing_child import Order, answer

WORD = pa.schema([pa.field("word", pa.string(), nullable=False)])


def words(*texts: str) -> pa.Table:
    return pa.table({"word": list(texts)}, schema=WORD)


def crash(order: Order) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(order: Order) -> None:
    os._exit(0)


def fail(order: Order) -> None:
    raise KeyError(order.content)


def refuse(order: Order) -> None:
    raise FileRefused("It is not \x1b[31mred\u202e.", "Mend it.")


def spin(order: Order) -> None:
    while True:
        pass


def hang(order: Order) -> None:
    """Sleeps, and so does a process that it has started; their ids stand in a file."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(order.request["ids"]).write_text(f"{os.getpid()} {sleeper.pid}")
    time.sleep(600)


def eat(order: Order) -> pa.Table:
    return words(*("x" * number for number in range(10**6, 10**7)))


def flood(order: Order) -> None:
    while True:
        os.write(3, b"x" * 2**20)


def lie(order: Order) -> pa.Table:
    return pa.table({"other": [1, 2]})


def babble(order: Order) -> None:
    sys.stdout.write("this is no answer")
    sys.stdout.flush()
    os.write(3, b"neither is this")
    os._exit(0)


def twist(order: Order) -> pa.Table:
    """Text that is no text: what a parser that was taken over might hand back."""
    ends, text = pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")
    broken = pa.Array.from_buffers(pa.string(), 1, [None, ends, text])
    return pa.Table.from_arrays([broken], schema=WORD)


def forget(order: Order) -> pa.Table:
    return pa.Table.from_arrays([pa.array([None], pa.string())], schema=WORD)


def look(order: Order) -> pa.Table:
    """What the child finds around it: variables, open files, the folder it is in, the bytes it was given."""
    there = [f"{number}" for number in range(64) if os.path.exists(f"/proc/self/fd/{number}")]  # noqa: PTH110
    return words(" ".join(sorted(os.environ)), " ".join(there), str(Path.cwd()), order.content.decode())


WITHOUT_ANSWER = (crash, leave, fail, spin, hang, flood, babble)
DEEDS = {deed.__name__: deed for deed in (*WITHOUT_ANSWER, refuse, eat, lie, twist, forget, look)}


def parse(order: Order) -> pa.Table:
    return DEEDS[order.request["do"]](order)


if __name__ == "__main__":
    answer(parse)
