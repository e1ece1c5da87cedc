"""``python -m rapporteur`` is the program itself."""

import subprocess
import sys

from . import program

sys.exit(subprocess.call([str(program()), *sys.argv[1:]]))
