# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Whether the connection options and AWS's environment variables can work. Pure: no Ansible, no AWS.

A wrong value that passed here would fail later, in the middle of a call, in words of botocore that may hold a password.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from .plan import Impossible

# An older botocore ignores AWS_ENDPOINT_URL: a run that is meant for this machine would go to AWS.
OLDEST_BOTOCORE = "1.31.0"
# The ends of AWS's own host names, one for each partition.
AWS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws", ".ic.gov", ".sgov.gov", ".adc-e.uk")
# Characters that no credential can have, since it travels in the header of a request.
NO_HEADER = re.compile(r"[^!-~]")
CREDENTIALS = {
    "access_key": ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"),
    "secret_key": ("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"),
    "session_token": ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
}
# The form of AWS's region names; the next ones will probably have it too, as the last fifty do.
REGION = re.compile(
    r"[a-z]{2,4}(-[a-z]+)*-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]"
)
EXAMPLE = "give one such as http://127.0.0.1:4566"

NUMBER, WHOLE, TEXT, FLAG, MAPPING = "a number", "a whole number", "text", "true or false", "a mapping"
# The settings of botocore's Config that a playbook can write, and their types.
SETTINGS = {
    "account_id_endpoint_mode": TEXT,
    "auth_scheme_preference": TEXT,
    "client_cert": TEXT,
    "client_context_params": MAPPING,
    "connect_timeout": NUMBER,
    "defaults_mode": TEXT,
    "disable_request_compression": FLAG,
    "endpoint_discovery_enabled": FLAG,
    "ignore_configured_endpoint_urls": FLAG,
    "inject_host_prefix": FLAG,
    "max_pool_connections": WHOLE,
    "parameter_validation": FLAG,
    "proxies": MAPPING,
    "proxies_config": MAPPING,
    "read_timeout": NUMBER,
    "region_name": TEXT,
    "request_checksum_calculation": TEXT,
    "request_min_compression_size_bytes": WHOLE,
    "response_checksum_validation": TEXT,
    "retries": MAPPING,
    "s3": MAPPING,
    "signature_version": TEXT,
    "sigv4a_signing_region_set": TEXT,
    "tcp_keepalive": FLAG,
    "use_dualstack_endpoint": FLAG,
    "use_fips_endpoint": FLAG,
    "user_agent": TEXT,
    "user_agent_appid": TEXT,
    "user_agent_extra": TEXT,
}


def check(parameters: Mapping[str, Any], environment: Mapping[str, str], service: str) -> None:
    """Raise Impossible for an endpoint that is no URL, and for a setting of a wrong type."""
    for sentence in (*_endpoint(parameters, environment, service), *_settings(parameters.get("aws_config") or {})):
        raise Impossible(sentence)


def source(value: str, parameters: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """The name of the option or variable that holds a credential; empty if none does."""
    for option, variables in CREDENTIALS.items():
        if parameters.get(option) == value:
            return option
        for variable in variables:
            if environment.get(variable) == value:
                return variable
    return ""


def secrets(parameters: Mapping[str, Any]) -> set[str]:
    """The secrets to mask beside the secret options: passwords in URLs, and secrets without their white space."""
    urls = [parameters.get("endpoint_url"), *_proxies(parameters).values()]
    passwords = {_password(url) for url in urls if isinstance(url, str)}
    bare = {str(parameters.get(option) or "").strip() for option in ("secret_key", "session_token")}
    return (passwords | bare) - {""}


def _endpoint(parameters: Mapping[str, Any], environment: Mapping[str, str], service: str) -> Iterator[str]:
    """The faults of the endpoint that counts: the first one given."""
    own = f"AWS_ENDPOINT_URL_{service.upper()}"
    urls = {name: environment.get(name) for name in ("AWS_URL", own, "AWS_ENDPOINT_URL")}
    for name, url in {"endpoint_url": parameters.get("endpoint_url"), **urls}.items():
        if url:
            yield from _url(name, url)
            return


def _settings(declared: Mapping[str, Any]) -> Iterator[str]:
    for name, value in declared.items():
        kind = SETTINGS.get(name)
        if kind is None or value is None:  # botocore itself refuses a setting that it does not know
            continue
        if not _is(kind, value):
            yield f"aws_config.{name}: it is not {kind}; write {kind}" + (" of seconds" if kind is NUMBER else "")
        elif kind is NUMBER and not 0 < value < 1e9:
            yield f"aws_config.{name}: {value} is no time to wait; give seconds, more than 0"
    for scheme, url in _proxies({"aws_config": declared}).items():
        yield from _url(f"aws_config.proxies.{scheme}", url, "give one such as http://127.0.0.1:3128", bare=True)


def _proxies(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    proxies = (parameters.get("aws_config") or {}).get("proxies")
    return proxies if isinstance(proxies, Mapping) else {}


def _url(name: str, url: Any, remedy: str = EXAMPLE, bare: bool = False) -> Iterator[str]:
    """The fault of a URL, without the URL if it may hold a password. ``bare``: it needs no scheme."""
    if not isinstance(url, str):
        yield f"{name}: it is not text; {remedy}"
        return
    if bare and "://" not in url:
        url = f"http://{url}"
    shown = "it" if "@" in url else f"'{url}'"
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or NO_HEADER.search(url):
        slash = "; write a slash in a password as %2F" if "@" in url else ""
        yield f"{name}: {shown} is not a URL; {remedy}{slash}"
    elif "@" in parts.path + parts.query + parts.fragment:
        yield f"{name}: it has an @ behind the host; {remedy}; write a slash in a password as %2F"


def _password(url: str) -> str:
    """The password of a URL: all between the user's name and the last @, however the URL is written."""
    return url.rpartition("@")[0].rpartition("://")[2].partition(":")[2] if "@" in url else ""


def _is(kind: str, value: Any) -> bool:
    if kind is FLAG:
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    types: Mapping[str, Any] = {NUMBER: (int, float), WHOLE: int, TEXT: str, MAPPING: Mapping}
    return isinstance(value, types[kind])


def check_region(region: str, known: Collection[str], botocore: str) -> str:
    """A warning for a region that is newer than botocore; empty for a region that botocore knows.

    Raises Impossible for a misspelt region: its host name would not resolve, and no message would name the region.
    """
    if region in known:
        return ""
    unknown = f"region: '{region}' is not a region that botocore {botocore} knows"
    if REGION.fullmatch(region):
        return f"{unknown}; it is used as it is written"
    import difflib  # imported here, since only this sentence needs it

    def nearness(other: str) -> float:
        return difflib.SequenceMatcher(None, other, region).ratio()

    near = difflib.get_close_matches(region, known)
    nearest = sorted(each for each in near if nearness(each) == nearness(near[0]))
    raise Impossible(
        f"{unknown}; " + (f"did you mean {' or '.join(nearest)}?" if nearest else "give one such as us-east-1")
    )


def is_of_aws(endpoint_url: str) -> bool:
    """Whether an endpoint is AWS's own."""
    return (urlsplit(endpoint_url).hostname or "").endswith(AWS)


def check_botocore(version: str) -> None:
    """Raise Impossible for a botocore that is older than this collection can use."""
    if _numbers(version) < _numbers(OLDEST_BOTOCORE):
        raise Impossible(
            f"botocore: version {version} is installed, and one before {OLDEST_BOTOCORE} ignores AWS_ENDPOINT_URL, so "
            f"that a run could reach AWS unasked; install {OLDEST_BOTOCORE} or newer"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def ignored(parameters: Mapping[str, Any]) -> list[str]:
    """A sentence for each connection option that is declared and has no effect."""
    if not parameters.get("debug_botocore_endpoint_logs"):
        return []
    return ["debug_botocore_endpoint_logs: ignored, since each step in plan names its call; remove it"]
