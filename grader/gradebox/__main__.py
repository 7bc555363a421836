"""Start the supervisor: ``python -I -S -B KIT/gradebox --site SITE ...``.

The interpreter starts with nothing but the standard library on its path; this file adds
the two folders that the box has, then hands over.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).parent.parent
    sys.path[:] = [p for p in sys.path if not p.startswith(str(here))]
    sys.path += [str(here), sys.argv[2]]
    from gradebox.supervisor import main

    main(sys.argv[1:])
