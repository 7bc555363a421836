import os

os._exit(99)
