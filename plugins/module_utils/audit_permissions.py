# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What an audit calls, told from the options alone, and the policy that allows whoever audits exactly that.

Knows neither Ansible nor AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .role_names import function_arns

Options = Mapping[str, Any]
ANY = "*"


class Permission(NamedTuple):
    """An action on a resource. An ARN without region and account is filled in with those of the result."""

    action: str
    resource: str


def permissions(options: Options) -> list[Permission]:
    """What a task with these options calls in check mode; nothing for a module that declares nothing."""
    for option, of_module in _MODULES.items():
        if option in options:
            return list(dict.fromkeys(of_module(options)))
    return []


def policy(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The policy for an audit of these results: one statement for each resource."""
    actions: dict[str, set[str]] = {}
    for result in results:
        for each in result.get("reads") or ():
            if each["resource"] != ANY and each["resource"].count(":") < 5:
                continue  # a name that AWS refuses, so that nothing is read
            actions.setdefault(_filled(each["resource"], result), set()).add(each["action"])
    statements = [
        {"Effect": "Allow", "Action": sorted(names), "Resource": resource}
        for resource, names in sorted(actions.items())
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _filled(resource: str, result: Mapping[str, Any]) -> str:
    if resource == ANY:
        return resource
    _arn, partition, service, region, account, rest = resource.split(":", 5)
    of_iam = service == "iam"
    return ":".join(
        (
            "arn",
            partition or ANY,
            service,
            "" if of_iam else region or result.get("region") or ANY,
            account or result.get("account_id") or ANY,
            rest,
        )
    )


def _table(options: Options) -> Iterator[Permission]:
    """DescribeTable, a call for each declared part, and the same in the regions of replicas."""
    from .dynamodb.finding import asked
    from .dynamodb.options import declared_parts
    from .dynamodb.replica_options import parts_of_others, regional_parts
    from .dynamodb.table import MANAGED_KEY

    name = options["name"]

    def read(part: str, region: str = "") -> Permission:
        call = "DescribeTable" if part == "deletion_protection_enabled" else asked(part).read(name, "").call
        # Whether IAM takes a table for this one is not sure.
        resource = ANY if call == "ListContributorInsights" else f"arn::dynamodb:{region}::table/{name}"
        return Permission(f"dynamodb:{call}", resource)

    yield Permission("dynamodb:DescribeTable", f"arn::dynamodb:::table/{name}")
    yield from map(read, sorted(declared_parts(options)))
    for region, parts in regional_parts(options).items():
        yield from (read(part, region) for part in sorted(parts))
    yield from (read(part, ANY) for part in sorted(parts_of_others(options)))
    if options["state"] == "absent":
        return
    if options["import_from_s3"]:
        yield Permission("dynamodb:ListImports", ANY)
        yield Permission("dynamodb:DescribeImport", f"arn::dynamodb:::table/{name}/import/*")
    encryption = options["sse_specification"] or {}
    # AWS's own key of the account is known by its alias, and told by its ARN (rule keys-are-told-by-arn).
    keys = [("", encryption.get("kms_master_key_id") or (MANAGED_KEY if encryption.get("enabled") else None))]
    keys += [(each["region_name"], each.get("kms_master_key_id")) for each in options["replicas"] or []]
    for region, key in keys:
        if key and ":key/" not in key:  # a key that is named by its ARN is not looked up
            yield Permission("kms:DescribeKey", f"arn::kms:{region}::key/{ANY if 'alias/' in key else key}")


def _role_policy(options: Options) -> Iterator[Permission]:
    """The reads of an inline policy; of a managed one also those that only a difference takes."""
    function, name = options["lambda_function_name"], options["role_name"]
    if function:
        yield from _environment({"function_name": function})
    # A role may have a path, and a function does not tell its role before it is read.
    roles = [f"arn::iam:::role/{each}" for each in ([name, f"*/{name}"] if name else [ANY])]
    if options.get("list_others"):
        for call in ("ListRolePolicies", "ListAttachedRolePolicies"):
            yield from (Permission(f"iam:{call}", role) for role in roles)
    if options["policy_arn"] is None and options["type"] == "inline":
        yield from (Permission("iam:GetRolePolicy", role) for role in roles)
        return
    yield from (Permission("iam:ListAttachedRolePolicies", role) for role in roles)
    arn = options["policy_arn"] or f"arn::iam:::policy{options['path'] or '/'}{options['policy_name']}"
    reads: tuple[str, ...] = ("GetPolicy",)
    if options["policy_arn"] is None:
        reads += ("GetPolicyVersion", "ListPolicyVersions", "ListEntitiesForPolicy")
    yield from (Permission(f"iam:{call}", arn) for call in reads)


def _environment(options: Options) -> Iterator[Permission]:
    """The one read of a function; of a version or an alias (rule a-version-has-an-arn-of-its-own)."""
    for arn in function_arns(options["function_name"]):
        yield Permission("lambda:GetFunctionConfiguration", arn)


def _item(options: Options) -> Iterator[Permission]:
    """The one read of an item."""
    table = options["table_name"]
    yield Permission("dynamodb:GetItem", table if table.startswith("arn:") else f"arn::dynamodb:::table/{table}")


# By an option that a module alone has.
_MODULES: dict[str, Callable[[Options], Iterator[Permission]]] = {
    "vector_indexes": _table,
    "policy_document": _role_policy,
    "variables": _environment,
    "overwrite": _item,
}
