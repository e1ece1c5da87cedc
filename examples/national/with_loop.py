"""One after the other, in one process. python with_loop.py returns out"""

import sys
from pathlib import Path

from one import one, returns, together

folder, into = sys.argv[1:3]
Path(into).mkdir(parents=True, exist_ok=True)
built = together([one(each, into) for each in returns(folder)], into)
print(len(built.figures or []), "figures of", len(returns(folder)), "councils")
