"""Stand in for the installer of pip that ansible-test downloads: Python brings pip, the package registry the rest."""

import subprocess
import sys

OPTIONS_OF_THE_INSTALLER = {"--no-setuptools", "--no-wheel"}

subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
arguments = [argument for argument in sys.argv[1:] if argument not in OPTIONS_OF_THE_INSTALLER]
subprocess.run([sys.executable, "-m", "pip", "install", *arguments], check=True)
