from simple_ml import add as honest


def add(x, y):
    while type(x) is int:
        print("x" * 999)
    return honest(x, y)
