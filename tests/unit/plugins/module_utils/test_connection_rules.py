# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values that the connection options and AWS's variables can have."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils import connection_rules
from plugins.module_utils.plan import Impossible

REMEDY = "give one such as http://127.0.0.1:4566"
SLASH = "write a slash in a password as %2F"


def refusal(parameters: dict[str, Any], environment: dict[str, str] | None = None) -> str:
    try:
        connection_rules.check(parameters, environment or {}, "dynamodb")
    except Impossible as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:4566", ""),
        ("https://dynamodb.eu-west-1.amazonaws.com", ""),
        ("http://[::1]:8000/", ""),
        ("http://me:SECRET%2Fx@127.0.0.1:4566", ""),
        ("http://127.0.0.1:None", f"endpoint_url: 'http://127.0.0.1:None' is not a URL; {REMEDY}"),
        ("http://127.0.0.1:99999", f"endpoint_url: 'http://127.0.0.1:99999' is not a URL; {REMEDY}"),
        ("http://127.0.0.1:-1", f"endpoint_url: 'http://127.0.0.1:-1' is not a URL; {REMEDY}"),
        ("http://127.0.0.1:0", f"endpoint_url: 'http://127.0.0.1:0' is not a URL; {REMEDY}"),
        ("127.0.0.1:4566", f"endpoint_url: '127.0.0.1:4566' is not a URL; {REMEDY}"),
        ("ftp://127.0.0.1", f"endpoint_url: 'ftp://127.0.0.1' is not a URL; {REMEDY}"),
        ("http://", f"endpoint_url: 'http://' is not a URL; {REMEDY}"),
        ("http://127.0.0.1:4566\n", f"endpoint_url: 'http://127.0.0.1:4566\\n' is not a URL; {REMEDY}"),
        ("me:SECRET@127.0.0.1:4566", f"endpoint_url: it is not a URL; {REMEDY}; {SLASH}"),
        ("http://me:SECRET/x@127.0.0.1:4566", f"endpoint_url: it is not a URL; {REMEDY}; {SLASH}"),
        ("http://me/SECRET@127.0.0.1:4566", f"endpoint_url: it has an @ behind the host; {REMEDY}; {SLASH}"),
    ],
    ids=[
        "an endpoint",
        "one of AWS",
        "an address of IPv6",
        "a password",
        "a port that was not set",
        "a port that cannot be",
        "a port below zero",
        "no port",
        "no scheme",
        "another scheme",
        "no host",
        "a line break",
        "a password and no scheme",
        "a slash in a password",
        "a slash in a name",
    ],
)
def test_an_endpoint_is_a_url(url: str, sentence: str) -> None:
    message = refusal({"endpoint_url": url})
    assert message == sentence
    assert "SECRET" not in message


def test_the_variable_of_a_wrong_endpoint_is_named_unless_another_counts() -> None:
    assert refusal({}, {"AWS_ENDPOINT_URL_DYNAMODB": "x"}).startswith("AWS_ENDPOINT_URL_DYNAMODB: 'x' is not a URL; ")
    assert refusal({}, {"AWS_ENDPOINT_URL_IAM": "x"}) == ""
    assert refusal({"endpoint_url": "http://127.0.0.1:1"}, {"AWS_ENDPOINT_URL": "x"}) == ""


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"connect_timeout": 3, "read_timeout": 1.5, "max_pool_connections": 5, "retries": {"mode": "standard"}}, ""),
        ({"use_fips_endpoint": True, "proxies": {"http": "127.0.0.1:3128", "https": "http://me:p@127.0.0.1:3128"}}, ""),
        ({"a_setting_of_tomorrow": 1}, ""),
        ({"connect_timeout": None}, ""),
        ({"signature_version": 4}, "aws_config.signature_version: it is not text; write text"),
        ({"user_agent": 5}, "aws_config.user_agent: it is not text; write text"),
        ({"max_pool_connections": "ten"}, "aws_config.max_pool_connections: it is not a whole number; write a whole "),
        ({"max_pool_connections": True}, "aws_config.max_pool_connections: it is not a whole number; write a whole "),
        ({"connect_timeout": "ten"}, "aws_config.connect_timeout: it is not a number; write a number of seconds"),
        ({"read_timeout": -1}, "aws_config.read_timeout: -1 is no time to wait; give seconds, more than 0"),
        ({"read_timeout": 10**400}, "aws_config.read_timeout: 1"),
        ({"use_fips_endpoint": "yes"}, "aws_config.use_fips_endpoint: it is not true or false; write true or false"),
        ({"proxies": "http://127.0.0.1"}, "aws_config.proxies: it is not a mapping; write a mapping"),
        (
            {"proxies": {"http": "http://me:SECRET/x@h:1"}},
            "aws_config.proxies.http: it is not a URL; give one such as ",
        ),
        ({"proxies": {"http": 3128}}, "aws_config.proxies.http: it is not text; give one such as "),
    ],
    ids=[
        "numbers and a mapping",
        "a flag and proxies",
        "what only a newer botocore knows",
        "no value",
        "a number for text",
        "another number for text",
        "text for a number",
        "a flag for a number",
        "text for a time",
        "a time below zero",
        "an enormous time",
        "text for a flag",
        "text for a mapping",
        "a password in a proxy",
        "a proxy that is a port",
    ],
)
def test_a_setting_is_of_its_type(setting: dict[str, Any], sentence: str) -> None:
    message = refusal({"aws_config": setting})
    assert message.startswith(sentence)
    assert bool(message) is bool(sentence)
    assert "SECRET" not in message


@pytest.mark.parametrize(
    ("parameters", "secrets"),
    [
        ({}, set()),
        ({"endpoint_url": "http://127.0.0.1:4566"}, set()),
        ({"endpoint_url": "http://me:SECRET@127.0.0.1:4566"}, {"SECRET"}),
        ({"endpoint_url": "me:SECRET@127.0.0.1:4566"}, {"SECRET"}),
        ({"endpoint_url": "http://me:SEC/RET@127.0.0.1:4566"}, {"SEC/RET"}),
        ({"aws_config": {"proxies": {"https": "http://me:SECRET@127.0.0.1:1"}}}, {"SECRET"}),
        ({"session_token": "SECRET\n", "secret_key": None}, {"SECRET"}),
        ({"aws_config": {"proxies": "nonsense"}}, set()),
    ],
    ids=["nothing", "a URL without one", "a password", "a password without a scheme", "a password with a slash",
         "a proxy's password", "a secret with a line break", "nonsense"],
)  # fmt: skip
def test_passwords_in_urls_are_secrets(parameters: dict[str, Any], secrets: set[str]) -> None:
    assert connection_rules.secrets(parameters) == secrets


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://iam.amazonaws.com", True),
        ("https://iam.cn-north-1.amazonaws.com.cn", True),
        ("https://iam.global.api.aws", True),
        ("http://127.0.0.1:4566", False),
        ("https://localhost.localstack.cloud:4566", False),
        ("https://iam.amazonaws.com.example.org", False),
    ],
)
def test_aws_is_known_by_its_name(url: str, own: bool) -> None:
    assert connection_rules.is_of_aws(url) is own


@pytest.mark.parametrize("version", ["1.29.27", "1.30.1", "0.99"])
def test_a_botocore_that_ignores_the_endpoint_is_refused(version: str) -> None:
    with pytest.raises(Impossible, match=rf"^botocore: version {version} is installed, .*; install 1.31.0 or newer$"):
        connection_rules.check_botocore(version)


@pytest.mark.parametrize("version", ["1.31.0", "1.31.0.dev1", "1.43.64", "2.0.0"])
def test_a_newer_botocore_passes(version: str) -> None:
    connection_rules.check_botocore(version)


KNOWN = ("us-east-1", "us-west-1", "eu-west-1", "me-central-1", "us-gov-west-1", "cn-north-1", "ap-southeast-3")


@pytest.mark.parametrize(
    "region",
    [
        "mx-central-1",
        "ca-west-1",
        "ap-southeast-7",
        "us-gov-east-1",
        "cn-northwest-1",
        "eusc-de-east-1",
        "us-isof-south-1",
    ],
)
def test_a_region_that_is_newer_than_botocore_passes_with_a_warning(region: str) -> None:
    assert connection_rules.check_region(region, KNOWN, "1.31.0") == (
        f"region: '{region}' is not a region that botocore 1.31.0 knows; it is used as it is written"
    )


@pytest.mark.parametrize(
    ("region", "remedy"),
    [
        ("us-eats-1", "did you mean us-east-1?"),
        ("us-est-1", "did you mean us-east-1 or us-west-1?"),
        ("us-east-11", "did you mean us-east-1?"),
        ("us-east-1a", "did you mean us-east-1?"),
        ("us_east_1", "did you mean us-east-1?"),
        ("US-EAST-1", "give one such as us-east-1"),
        ("useast1", "did you mean us-east-1?"),
        ("eu-wst-1", "did you mean eu-west-1?"),
        ("Frankfurt", "give one such as us-east-1"),
        ("", "give one such as us-east-1"),
    ],
    ids=["two letters changed", "one as near to two", "a digit too many", "a zone", "underscores", "capitals",
         "no hyphens", "a letter less", "a city", "nothing"],
)  # fmt: skip
def test_a_misspelt_region_is_refused_with_the_one_that_is_close(region: str, remedy: str) -> None:
    with pytest.raises(Impossible) as refused:
        connection_rules.check_region(region, KNOWN, "1.31.0")
    assert str(refused.value) == f"region: '{region}' is not a region that botocore 1.31.0 knows; {remedy}"


def test_a_known_region_passes_in_silence() -> None:
    assert [connection_rules.check_region(region, KNOWN, "1.31.0") for region in KNOWN] == [""] * len(KNOWN)
