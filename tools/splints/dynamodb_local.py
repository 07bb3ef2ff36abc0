# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run DynamoDB Local for LocalStack, which calls this as its ``java``.

Java's own command line cannot do it: DynamoDB Local listens on every interface, the agent that LocalStack
passes comes only with its own download, and the server would outlive a LocalStack that was killed.
"""

import itertools
import os
import shutil
import subprocess
import sys
import threading
import time

import jpype


def java_home() -> str:
    """The folder of the machine's Java; LocalStack puts the folder of this stand-in first on the search path."""
    stand_in, search_path = os.environ["PATH"].split(":", maxsplit=1)
    java = shutil.which("java", path=search_path)
    if java is None:
        sys.exit(f"no java on the search path after {stand_in}")
    settings = subprocess.run(
        [java, "-XshowSettings:properties", "-version"], check=True, capture_output=True, text=True
    ).stderr
    return next(line.partition(" = ")[2] for line in settings.splitlines() if "java.home" in line)


def leave_with_parent(parent: int) -> None:
    """End this process when LocalStack, its parent, is gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main(arguments: list[str]) -> None:
    """Serve as ``java OPTIONS -jar JAR ARGUMENTS`` would, on the loopback."""
    threading.Thread(target=leave_with_parent, args=[os.getppid()], daemon=True).start()
    os.environ["JAVA_HOME"] = java_home()
    options = [option for option in itertools.takewhile("-jar".__ne__, arguments) if "-javaagent:" not in option]
    jar, *server_arguments = arguments[arguments.index("-jar") + 1 :]
    jpype.startJVM(*options, classpath=[jar])
    runner = jpype.JClass("com.amazonaws.services.dynamodbv2.local.main.ServerRunner")
    server = runner.createServerFromCommandLineArgs(server_arguments)
    jetty = server.getClass().getDeclaredField("server")
    jetty.setAccessible(True)
    for connector in jetty.get(server).getConnectors():
        connector.setHost("127.0.0.1")
    server.start()
    server.join()


if __name__ == "__main__":
    main(sys.argv[1:])
