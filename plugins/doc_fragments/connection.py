# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The connection options that every module of this collection takes."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - botocore >= 1.31.0
options:
  region:
    description:
      - The AWS region.
      - Without it, E(AWS_REGION), E(AWS_DEFAULT_REGION) and the profile's region count, in this order.
      - A region that the installed botocore does not know yet is used with a warning; a misspelt region is refused,
        but not with an O(endpoint_url) that is not AWS's.
    type: str
    aliases: [aws_region]
  profile:
    description:
      - The named profile of the AWS configuration whose credentials are used.
      - Without this option, E(AWS_PROFILE) counts.
      - A profile that asks for a code of an MFA device (C(mfa_serial)) cannot be used in a task. Get a session of it
        with M(mana.memory.sts_assume_role) first.
      - Mutually exclusive with O(access_key), O(secret_key) and O(session_token).
    type: str
    aliases: [aws_profile]
  access_key:
    description:
      - The AWS access key ID.
      - Without it the SDK finds credentials as it does everywhere, E(AWS_ACCESS_KEY_ID), the shared configuration
        and the role of the machine among them.
    type: str
    aliases: [aws_access_key_id, aws_access_key]
  secret_key:
    description:
      - The AWS secret access key that belongs to O(access_key).
    type: str
    aliases: [aws_secret_access_key, aws_secret_key]
  session_token:
    description:
      - The session token of temporary credentials.
    type: str
    aliases: [aws_session_token]
  endpoint_url:
    description:
      - The endpoint to use in place of AWS's own, for instance LocalStack's.
      - Without this option, E(AWS_ENDPOINT_URL) and its forms for one service count.
    type: str
    aliases: [aws_endpoint_url]
  aws_ca_bundle:
    description:
      - The file with the certificates to trust.
      - Without this option, E(AWS_CA_BUNDLE) counts.
    type: path
  validate_certs:
    description:
      - Whether the endpoint's certificate is validated.
    type: bool
    default: true
  aws_config:
    description:
      - Settings of botocore's C(Config), for instance C(connect_timeout) and C(read_timeout) in seconds.
      - By default, a connection is given up after twice 4 seconds, and an answer after 10 seconds.
    type: dict
  debug_botocore_endpoint_logs:
    description:
      - For playbooks that move over from C(amazon.aws) and C(community.aws). Ignored with a warning, since each step of
        a plan names its call.
    type: bool
    version_added: 1.1.0
"""
