"""Put the homework's code and its test support on the path, wherever pytest starts."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
sys.path[:0] = [str(_ROOT / "src"), str(_HERE.parent / "support"), str(_HERE)]
