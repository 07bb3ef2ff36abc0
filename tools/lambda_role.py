# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Make the role that mana's Lambda runs with, where nobody made it: on the endpoint of this machine.

In an AWS account the role is the user's own and never touched but for its policy.
"""

import contextlib
import json
import sys
from typing import Any

import botocore.session

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def main(name: str) -> None:
    """Create the role unless it is there."""
    iam: Any = botocore.session.get_session().create_client("iam")
    with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))


if __name__ == "__main__":
    main(sys.argv[1])
