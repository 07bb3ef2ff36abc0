# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Policy documents: which mean the same, how differences are worded, and which are refused."""

from __future__ import annotations

import copy
import datetime
import json
import random
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.module_utils import policy_document
from plugins.module_utils.plan import Impossible

READ = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": "arn:aws:dynamodb:*:*:table/t"}
WRITE = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "arn:aws:dynamodb:*:*:table/t"}
ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
ROOT = "arn:aws:iam::123456789012:root"


def document(*statements: Any, **elements: Any) -> Any:
    return {"Version": "2012-10-17", "Statement": list(statements), **elements}


def read(**elements: Any) -> Any:
    return document({**READ, **elements})


def condition(operator: Any, key: Any, values: Any) -> Any:
    return read(Condition={operator: {key: values}})


EQUAL = [
    ("a lone statement and a list of one", {"Version": "2012-10-17", "Statement": READ}, read()),
    ("a string and a list of one as Action", document(WRITE), document({**WRITE, "Action": ["dynamodb:PutItem"]})),
    ("a string and a list of one as Resource", document(WRITE), document({**WRITE, "Resource": [WRITE["Resource"]]})),
    (
        "a string and a list of one as NotAction and NotResource",
        document({"Effect": "Deny", "NotAction": "a:B", "NotResource": "*"}),
        document({"Effect": "Deny", "NotAction": ["a:B"], "NotResource": ["*"]}),
    ),
    ("statements in another order", document(READ, WRITE), document(WRITE, READ)),
    ("a statement twice", document(READ, READ), document(READ)),
    ("actions in another order", read(), read(Action=["dynamodb:Query", "dynamodb:GetItem"])),
    ("an action twice", read(), read(Action=["dynamodb:Query", "dynamodb:GetItem", "dynamodb:Query"])),
    ("actions in another case", read(), read(Action=["DynamoDB:getitem", "dynamodb:QUERY"])),
    ("no Version and the version it stands for", {"Statement": READ}, {"Version": "2008-10-17", "Statement": READ}),
    ("true and its text in a condition", condition("Bool", "k", True), condition("Bool", "k", "true")),
    (
        "a number and its text in a condition",
        condition("NumericEquals", "k", 7),
        condition("NumericEquals", "k", ["7"]),
    ),
    (
        "condition values in another order",
        condition("IpAddress", "k", ["a", "b"]),
        condition("IpAddress", "k", ["b", "a"]),
    ),
    (
        "a condition key in another case",
        condition("Bool", "aws:Secure", "true"),
        condition("Bool", "AWS:secure", "true"),
    ),
    ("an empty condition and none", read(Condition={}), read()),
    ("everybody as a string and as an AWS principal", read(Principal="*"), read(Principal={"AWS": ["*"]})),
    ("an account and its root", read(Principal={"AWS": "123456789012"}), read(Principal={"AWS": [ROOT]})),
    ("an account as a number", read(Principal={"AWS": 123456789012}), read(Principal={"AWS": ROOT})),
    ("principals in another order", read(Principal={"AWS": ["1", "2"]}), read(Principal={"AWS": ["2", "1"]})),
    ("another Sid", read(Sid="One"), read(Sid="Two")),
    ("a Sid and none", read(Sid="One"), read()),
    ("an Id and none", document(READ, Id="policy"), document(READ)),
]

DIFFERENT = [
    ("another version", {"Version": "2012-10-17", "Statement": READ}, {"Version": "2008-10-17", "Statement": READ}),
    ("a version left out that is not the one meant", read(), {"Statement": READ}),
    ("another effect", read(), read(Effect="Deny")),
    ("one statement more", document(READ), document(READ, WRITE)),
    ("one action more", read(), read(Action=["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"])),
    (
        "an action and all but it",
        document({**READ}),
        document({"Effect": "Allow", "NotAction": READ["Action"], "Resource": READ["Resource"]}),
    ),
    ("another resource", read(), read(Resource="arn:aws:dynamodb:*:*:table/other")),
    ("a resource in another case", read(), read(Resource="arn:aws:dynamodb:*:*:table/T")),
    ("a condition and none", read(), read(Condition=ORG)),
    ("another condition operator", condition("StringEquals", "k", "v"), condition("StringLike", "k", "v")),
    ("another condition key", condition("StringEquals", "k", "v"), condition("StringEquals", "l", "v")),
    ("another condition value", condition("StringEquals", "k", "v"), condition("StringEquals", "k", "w")),
    ("a condition value in another case", condition("StringEquals", "k", "v"), condition("StringEquals", "k", "V")),
    ("true and 1 in a condition", condition("Bool", "k", True), condition("Bool", "k", 1)),
    (
        "the same values under one key and under two",
        condition("Null", "k", ["a", "b"]),
        read(Condition={"Null": {"k": "a", "l": "b"}}),
    ),
    ("another principal", read(Principal={"AWS": "1"}), read(Principal={"AWS": "2"})),
    ("a principal of another kind", read(Principal={"AWS": "s"}), read(Principal={"Service": "s"})),
    ("everybody and everybody but them", read(Principal="*"), read(NotPrincipal="*")),
    (
        "an account and a user of it",
        read(Principal={"AWS": ROOT}),
        read(Principal={"AWS": ROOT.replace("root", "user/u")}),
    ),
    (
        "two statements whose actions are swapped",
        document(READ, {**WRITE, "Resource": "*"}),
        document({**READ, "Resource": "*"}, WRITE),
    ),
    ("an element that nobody knows", read(), read(Unheard="of")),
    ("an element of the document that nobody knows", read(), document(READ, Unheard="of")),
]


def table(rows: Any) -> Any:
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


@pytest.mark.parametrize(("one", "other"), table(EQUAL))
def test_means_the_same(one: Any, other: Any) -> None:
    assert policy_document.canonical(one) == policy_document.canonical(other)
    assert hash(policy_document.canonical(one)) == hash(policy_document.canonical(other))


@pytest.mark.parametrize(("one", "other"), table(DIFFERENT))
def test_means_something_else(one: Any, other: Any) -> None:
    assert policy_document.canonical(one) != policy_document.canonical(other)


@pytest.mark.parametrize(
    ("observed", "declared", "fulfilled"),
    table(
        [
            ("the same meaning written in another way", document(READ, READ), read(Action=READ["Action"][::-1]), True),
            ("a Sid that nobody declared stays", read(Sid="VisualEditor0"), read(), True),
            ("an Id that nobody declared stays", document(READ, Id="default"), document(READ), True),
            ("an empty Sid declares none", read(Sid="VisualEditor0"), read(Sid=""), True),
            ("the declared Sid is there", document({**READ, "Sid": "A"}, {**READ, "Sid": "B"}), read(Sid="B"), True),
            ("a declared Sid is not there", read(), read(Sid="Read"), False),
            ("a declared Sid is another", read(Sid="Reed"), read(Sid="Read"), False),
            (
                "two Sids are swapped",
                document({**READ, "Sid": "A"}, {**WRITE, "Sid": "B"}),
                document({**READ, "Sid": "B"}, {**WRITE, "Sid": "A"}),
                False,
            ),
            ("a declared Id is not there", document(READ), document(READ, Id="policy"), False),
            ("another meaning under the declared Sid", read(Sid="Read", Effect="Deny"), read(Sid="Read"), False),
        ]
    ),
)
def test_fulfils(observed: Any, declared: Any, fulfilled: Any) -> None:
    assert policy_document.fulfils(observed, declared) is fulfilled


SUCH_AS = "give a condition such as {StringEquals: {aws:PrincipalOrgID: o-example}}"
ALLOW_READ = "Allow dynamodb:GetItem, dynamodb:Query on arn:aws:dynamodb:*:*:table/t"
ALLOW_WRITE = "Allow dynamodb:PutItem on arn:aws:dynamodb:*:*:table/t"


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    table(
        [
            ("nothing was there", None, document(READ), [f"adds the statement {ALLOW_READ}"]),
            (
                "a statement is new",
                document(WRITE),
                document(WRITE, {**READ, "Effect": "Deny"}),
                [f"adds the statement Deny{ALLOW_READ[5:]}"],
            ),
            ("a statement with a Sid is new", None, read(Sid="Read"), [f"adds the statement Read: {ALLOW_READ}"]),
            (
                "a statement is gone",
                document(READ, {**WRITE, "Effect": "Deny"}),
                document(READ),
                [f"removes the statement Deny{ALLOW_WRITE[5:]}"],
            ),
            ("a statement twice is named once", None, document(WRITE, WRITE), [f"adds the statement {ALLOW_WRITE}"]),
            (
                "an action is new and one is gone",
                read(),
                read(Action=["DYNAMODB:getitem", "dynamodb:Scan"]),
                [
                    f"changes the statement {ALLOW_READ} "
                    "(adds to Action dynamodb:Scan; removes from Action dynamodb:Query)"
                ],
            ),
            (
                "a statement with a Sid is another in all but that",
                read(Sid="Read"),
                document({"Sid": "Read", "Effect": "Deny", "NotAction": "a:B", "Resource": "*", "Condition": ORG}),
                [
                    "changes the statement Read (removes Action; adds Condition; Effect becomes Deny; adds NotAction; "
                    "adds to Resource *; removes from Resource arn:aws:dynamodb:*:*:table/t)"
                ],
            ),
            (
                "a condition changes",
                condition("Bool", "k", True),
                condition("Bool", "k", False),
                [f"changes the statement {ALLOW_READ} under a condition (changes Condition)"],
            ),
            (
                "a statement becomes another and gets a Sid",
                read(),
                read(Sid="Read", Effect="Deny"),
                [f"changes the statement {ALLOW_READ} (Effect becomes Deny; Sid becomes Read)"],
            ),
            (
                "two statements with nothing in common",
                document({"Effect": "Deny", "Action": "a:B", "Resource": "*"}),
                document(WRITE),
                [f"adds the statement {ALLOW_WRITE}", "removes the statement Deny a:B on *"],
            ),
            ("only the Sid is another", read(Sid="A"), read(Sid="B"), [f"gives the statement {ALLOW_READ} the Sid B"]),
            ("only the Id is another", document(READ), document(READ, Id="p"), ["sets Id to p"]),
            (
                "only the version is another",
                {"Statement": READ},
                read(),
                ["changes Version from 2008-10-17 to 2012-10-17"],
            ),
            ("no difference but the order", document(READ, WRITE), document(WRITE, READ), []),
            (
                "neither is a policy",
                {"Statement": [7]},
                {"Statement": [8]},
                ["adds the statement 8", "removes the statement 7"],
            ),
            (
                "long lists are written in full",
                None,
                read(Action=["a:B", "a:C", "a:D", "a:E"], Principal={"AWS": ["1", "2", "3"]}),
                ["adds the statement Allow a:B, a:C, a:D, a:E to 1, 2, 3 on arn:aws:dynamodb:*:*:table/t"],
            ),
            (
                "all but some",
                None,
                document({"Effect": "Deny", "NotPrincipal": "*", "NotAction": "a:B", "NotResource": "*"}),
                ["adds the statement Deny all but a:B to all but * on all but *"],
            ),
            (
                "what was there is no policy",
                {"Statement": [7]},
                document(WRITE),
                [
                    f"adds the statement {ALLOW_WRITE}",
                    "removes the statement 7",
                    "changes Version from 2008-10-17 to 2012-10-17",
                ],
            ),
        ]
    ),
)
def test_differences_are_sentences(before: Any, after: Any, sentences: list[str]) -> None:
    assert list(policy_document.differences(before, after)) == sentences


SEED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
                "dynamodb:Query",
                "dynamodb:Scan",
            ],
            "Resource": [
                "arn:aws:dynamodb:us-east-1:*:table/mana-memory",
                "arn:aws:dynamodb:us-east-1:*:table/mana-memory/index/*",
            ],
        }
    ],
}


def padded(size: Any) -> Any:
    """A policy of so many characters, not counting a lot of white space."""
    policy = document({**WRITE, "Resource": "*", "Condition": {"StringEquals": {"k": " " * 5000}}})
    policy["Statement"][0]["Action"] = "a:B"
    missing = size - len("".join(json.dumps(policy).split()))
    policy["Statement"][0]["Action"] += "C" * missing
    return policy


@pytest.mark.parametrize(
    "well_formed",
    table(
        [
            ("the policy of the specification", SEED),
            ("a lone statement without a version", {"Statement": WRITE}),
            ("the older version and an Id", {"Version": "2008-10-17", "Id": "p", "Statement": [WRITE]}),
            ("everything but", document({"Sid": "", "Effect": "Deny", "NotAction": ["a:*"], "NotResource": "arn:x"})),
            (
                "wildcards and policy variables",
                read(Action="*", Resource=["*", "arn:aws:s3:::${aws:username}/*", "${x}"]),
            ),
            (
                "operators of all kinds",
                read(
                    Condition={
                        "ForAnyValue:StringLike": {"a": "b"},
                        "ForAllValues:stringequalsifexists": {"a": "b"},
                        "ArnNotEquals": {"a": "b"},
                        "DateGreaterThanEquals": {"a": "b"},
                        "NotIpAddress": {"a": "b"},
                        "Null": {"a": "true"},
                    }
                ),
            ),
            ("an ARN that AWS completes", read(Resource="arn:aws:dynamodb")),
            ("a resource with a space", read(Resource="arn:aws:s3:::files/my folder/*")),
            ("conditions of all kinds", read(Condition={"Bool": {"a": True}, "NumericLessThan": {"b": [1, "2"]}})),
            (
                "two Sids",
                document({**READ, "Sid": "A1"}, {**WRITE, "Sid": "A2"}, {**WRITE, "Sid": ""}, {**READ, "Sid": ""}),
            ),
            ("as long as a role's policies can be", padded(10240)),
        ]
    ),
)
def test_a_well_formed_policy_is_accepted(well_formed: Any) -> None:
    before = copy.deepcopy(well_formed)
    policy_document.check_identity_policy(well_formed)
    assert well_formed == before


@pytest.mark.parametrize(
    ("malformed", "sentence"),
    table(
        [
            ("nothing", None, "it has no value; give the policy, as a mapping with Version and Statement"),
            ("no statement", {"Version": "2012-10-17"}, "it has no Statement; give one statement or a list of them"),
            ("an empty list of statements", document(), "it has no Statement; give one statement or a list of them"),
            (
                "a statement of text",
                {"Statement": "Allow"},
                "it has no Statement; give one statement or a list of them",
            ),
            (
                "text among the statements",
                document(READ, "x"),
                "statement 2 is 'x'; give a mapping with Effect, Action and Resource",
            ),
            (
                "another version",
                {"Version": "2012-10-18", "Statement": READ},
                "Version is '2012-10-18'; give 2012-10-17",
            ),
            (
                "an element that IAM does not know",
                {**document(READ), "Statements": []},
                "the document has an element 'Statements', which IAM does not know; did you mean Statement?",
            ),
            (
                "an element of a statement in the wrong case",
                read(effect="Allow"),
                "statement 1 has an element 'effect', which IAM does not know; did you mean Effect?",
            ),
            (
                "an element unlike any",
                read(Zzz=1),
                "statement 1 has an element 'Zzz', which IAM does not know; "
                "it can have Sid, Effect, Action, NotAction, Resource, NotResource, Condition",
            ),
            (
                "no effect",
                document({"Action": "a:B", "Resource": "*"}),
                "statement 1 has no Effect; give Allow or Deny",
            ),
            (
                "an effect in the wrong case",
                read(Effect="allow"),
                "statement 1 has the Effect 'allow'; give Allow or Deny",
            ),
            (
                "an action and all but one",
                read(NotAction="a:B"),
                "statement 1 has both Action and NotAction; give one of the two",
            ),
            (
                "no action",
                document({"Effect": "Allow", "Resource": "*"}),
                "statement 1 has neither Action nor NotAction; give one of the two",
            ),
            (
                "an action without its service",
                read(Action=["a:B", "GetItem"]),
                "statement 1 has 'GetItem' in Action; give one such as dynamodb:GetItem",
            ),
            (
                "an empty list of actions",
                read(Action=[]),
                "statement 1 has no member in Action; give one such as dynamodb:GetItem",
            ),
            (
                "an action that is no text",
                read(Action={"a": "b"}),
                'statement 1 has {"a": "b"} in Action; give one such as dynamodb:GetItem',
            ),
            (
                "a resource and all but one",
                read(NotResource="*"),
                "statement 1 has both Resource and NotResource; give one of the two",
            ),
            (
                "no resource",
                document({"Effect": "Allow", "Action": "a:B"}),
                "statement 1 has neither Resource nor NotResource; give one of the two",
            ),
            (
                "a resource that is no ARN",
                read(Resource="mana-memory"),
                "statement 1 has 'mana-memory' in Resource; give one such as \"*\" or an ARN",
            ),
            (
                "no resource in the list",
                read(Resource=None),
                'statement 1 has null in Resource; give one such as "*" or an ARN',
            ),
            (
                "a principal",
                read(Principal="*"),
                "statement 1 has a Principal; leave it out: the principal of a role's policy is the role",
            ),
            (
                "all principals but one",
                read(NotPrincipal="*"),
                "statement 1 has a NotPrincipal; leave it out: the principal of a role's policy is the role",
            ),
            (
                "a Sid with a space",
                read(Sid="My table"),
                "statement 1 has the Sid 'My table'; give a string of letters A-Z and a-z and digits only",
            ),
            (
                "a Sid that is a number",
                read(Sid=1),
                "statement 1 has the Sid 1; give a string of letters A-Z and a-z and digits only",
            ),
            (
                "a Sid twice",
                document({**READ, "Sid": "A"}, WRITE, {**WRITE, "Sid": "A"}),
                "statement 1 and statement 3 both have the Sid A; give each its own",
            ),
            (
                "a condition of text",
                read(Condition="x"),
                f"statement 1 has the Condition 'x'; {SUCH_AS}",
            ),
            (
                "an action in other letters",
                read(Action="dynamodb:Gét"),
                "statement 1 has 'dynamodb:Gét' in Action; give one such as dynamodb:GetItem",
            ),
            (
                "a resource with a line break, as a block of YAML ends with",
                read(Resource="arn:aws:dynamodb:*:*:table/t\n"),
                "statement 1 has 'arn:aws:dynamodb:*:*:table/t\\n' in Resource; give one such as \"*\" or an ARN",
            ),
            (
                "an operator that is misspelt",
                condition("StringEqual", "k", "v"),
                "statement 1 has the condition operator 'StringEqual', which IAM does not know; did you mean "
                "StringEquals?",
            ),
            (
                "a misspelt operator of a set",
                condition("ForAnyValue:StringLikes", "k", "v"),
                "statement 1 has the condition operator 'ForAnyValue:StringLikes', which IAM does not know; did you "
                "mean StringLike?",
            ),
            (
                "no operator",
                condition("", "k", "v"),
                "statement 1 has the condition operator '', which IAM does not know; give one such as StringEquals",
            ),
            (
                "a condition without a key",
                read(Condition={"Bool": "x"}),
                f"statement 1 has no condition key under Bool; {SUCH_AS}",
            ),
            (
                "a condition without a value",
                condition("Bool", "k", [None]),
                f"statement 1 has no plain value for k under Bool; {SUCH_AS}",
            ),
            (
                "one character too many",
                padded(10241),
                "it has 10241 characters without white space, and all inline policies of a role together can have "
                "10240; shorten it with wildcards, or move a part of it to a managed policy",
            ),
        ]
    ),
)
def test_a_malformed_policy_is_refused_in_one_sentence(malformed: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        policy_document.check_identity_policy(malformed)
    assert str(refusal.value) == f"policy_document: {sentence}"


ANYBODY = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "dynamodb:GetItem",
    "Resource": "arn:aws:dynamodb:*:*:table/t",
}
SUCH_A_PRINCIPAL = "give one such as {AWS: arn:aws:iam::123456789012:role/mana}"


def of_resource(**elements: Any) -> Any:
    """The policy of a resource, with other elements; None takes one away."""
    statement = {name: value for name, value in {**ANYBODY, **elements}.items() if value is not None}
    return document(statement)


@pytest.mark.parametrize(
    "principal",
    table(
        [
            ("everybody", "*"),
            ("everybody as a principal of AWS", {"AWS": "*"}),
            ("an account", {"AWS": "123456789012"}),
            ("an account whose number YAML read", {"AWS": 123456789012}),
            ("a role and a user", {"AWS": ["arn:aws:iam::123456789012:role/a/b", "arn:aws:iam::123456789012:user/c"]}),
            ("a session", {"AWS": "arn:aws:sts::123456789012:assumed-role/a/b"}),
            ("somebody who is gone", {"AWS": "AROAEXAMPLEEXAMPLEEX"}),
            ("a service", {"Service": "redshift.amazonaws.com"}),
        ]
    ),
)
def test_the_policy_of_a_resource_says_whom_it_is_about(principal: Any) -> None:
    policy_document.check_resource_policy(of_resource(Principal=principal), "resource_policy")
    policy_document.check_resource_policy(
        of_resource(Effect="Deny", Principal=None, NotPrincipal=principal), "resource_policy"
    )


@pytest.mark.parametrize(
    ("malformed", "sentence"),
    table(
        [
            ("no statement", document(), "it has no Statement; give one statement or a list of them"),
            ("text as statement", {"Statement": "x"}, "it has no Statement; give one statement or a list of them"),
            (
                "a statement that is text",
                document("x"),
                "statement 1 is 'x'; give a mapping with Effect, Principal, Action and Resource",
            ),
            ("another version", {**of_resource(), "Version": "2020-01-01"}, "Version is '2020-01-01'; give 2012-10-17"),
            (
                "no principal",
                of_resource(Principal=None),
                "statement 1 has neither Principal nor NotPrincipal; give one of the two",
            ),
            (
                "a principal and all but one",
                of_resource(NotPrincipal="*"),
                "statement 1 has both Principal and NotPrincipal; give one of the two",
            ),
            (
                "an ARN that is no mapping",
                of_resource(Principal="arn:aws:iam::123456789012:root"),
                f"statement 1 has the Principal 'arn:aws:iam::123456789012:root'; {SUCH_A_PRINCIPAL}",
            ),
            (
                "a name in place of an ARN",
                of_resource(Principal={"AWS": "mana"}),
                f"statement 1 has 'mana' in Principal; {SUCH_A_PRINCIPAL}",
            ),
            (
                "nobody",
                of_resource(Principal={"AWS": []}),
                f"statement 1 has null in Principal; {SUCH_A_PRINCIPAL}",
            ),
            (
                "an unknown kind of principal",
                of_resource(Principal={"Aws": "*"}),
                "statement 1, in Principal, has an element 'Aws', which IAM does not know; did you mean AWS?",
            ),
            (
                "a misspelt element",
                of_resource(Effect=None, Efect="Allow"),
                "statement 1 has an element 'Efect', which IAM does not know; did you mean Effect?",
            ),
            ("another effect", of_resource(Effect="Maybe"), "statement 1 has the Effect 'Maybe'; give Allow or Deny"),
            (
                "an action without its service",
                of_resource(Action="GetItem"),
                "statement 1 has 'GetItem' in Action; give one such as dynamodb:GetItem",
            ),
            (
                "no resource",
                of_resource(Resource=None),
                "statement 1 has neither Resource nor NotResource; give one of the two",
            ),
            (
                "a Sid twice",
                document({**ANYBODY, "Sid": "A"}, {**ANYBODY, "Sid": "A"}),
                "statement 1 and statement 2 both have the Sid A; give each its own",
            ),
        ]
    ),
)
def test_the_policy_of_a_resource_is_refused_in_one_sentence(malformed: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        policy_document.check_resource_policy(malformed, "resource_policy")
    assert str(refusal.value) == f"resource_policy: {sentence}"


def test_unquoted_scalars_of_yaml_become_text() -> None:
    limits = {"Bool": {"k": True}, "NumericLessThan": {"l": [2, 0.5]}}
    declared = {
        "Version": datetime.date(2012, 10, 17),
        "Statement": ({"Sid": 1, "Action": None, "Condition": limits},),
    }
    assert policy_document.from_option(declared) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "1", "Action": None, "Condition": {"Bool": {"k": "true"}, "NumericLessThan": {"l": ["2", "0.5"]}}}
        ],
    }


@pytest.mark.parametrize(
    "answer",
    table(
        [
            ("decoded already", SEED),
            ("as text", json.dumps(SEED)),
            ("as text that is URL-encoded", quote(json.dumps(SEED))),
        ]
    ),
)
def test_a_document_of_the_api_is_read(answer: Any) -> None:
    assert policy_document.from_api(answer) == SEED


def test_text_with_a_percent_sign_is_not_decoded_twice() -> None:
    policy = condition("StringLike", "s3:prefix", "50%25/*")
    assert policy_document.from_api(json.dumps(policy)) == policy


@pytest.mark.parametrize("answer", table([("no JSON", "Allow all"), ("a JSON list", "[]"), ("nothing", None)]))
def test_a_text_that_is_no_document_is_a_value_error(answer: Any) -> None:
    with pytest.raises(ValueError, match=r"Expecting value|not a JSON object"):
        policy_document.from_api(answer)


WORDS = st.text("abcDEF", min_size=1, max_size=4)
VALUES = st.one_of(WORDS, st.booleans(), st.integers(0, 9))


def some(members: Any) -> Any:
    return st.lists(members, min_size=1, max_size=3)


def statements() -> Any:
    return st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Deny"]),
            "Action": some(WORDS.map("dynamodb:{}".format)),
            "Resource": some(WORDS),
        },
        optional={
            "Sid": WORDS,
            "Principal": st.dictionaries(st.sampled_from(["AWS", "Service"]), some(WORDS), min_size=1),
            "Condition": st.dictionaries(
                st.sampled_from(["StringEquals", "Bool"]),
                st.dictionaries(st.sampled_from(["aws:k", "aws:l"]), some(VALUES), min_size=1),
                min_size=1,
            ),
        },
    )


DOCUMENTS = st.fixed_dictionaries({"Version": st.just("2012-10-17"), "Statement": some(statements())})


def rewritten(value: Any, path: Any, chance: Any) -> Any:
    """The same in another way: lists shuffled, repeated and unwrapped, cases and quotes changed, Sids renamed."""
    if isinstance(value, dict):
        if "Effect" in value and chance.random() < 0.5:
            value = {**value, "Sid": f"S{chance.randrange(99)}"}
        items = [(name, rewritten(member, (*path, name), chance)) for name, member in value.items()]
        chance.shuffle(items)
        return {name.upper() if "Condition" in path[-2:-1] else name: member for name, member in items}
    if isinstance(value, list):
        members = [rewritten(member, path, chance) for member in value]
        members += chance.choices(members, k=chance.randrange(2))
        chance.shuffle(members)
        return members[0] if len(members) == 1 and chance.random() < 0.5 else members
    if "Condition" in path and not isinstance(value, str):
        return json.dumps(value) if chance.random() < 0.5 else value
    return value.swapcase() if path[-1] == "Action" else value


def leaves(value: Any, path: Any = ()) -> Any:
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[key], (*path, key))
    elif path[-1] != "Sid":
        yield path


def replaced(value: Any, path: Any, member: Any) -> Any:
    if not path:
        return member
    copied = copy.copy(value)
    copied[path[0]] = replaced(value[path[0]], path[1:], member)
    return copied


@given(DOCUMENTS, st.integers())
@settings(deadline=None)
def test_however_a_document_is_written_it_means_the_same(policy: Any, seed: Any) -> None:
    again = rewritten(policy, (), random.Random(seed))
    assert policy_document.canonical(again) == policy_document.canonical(policy)
    differences = policy_document.differences(policy, again)
    assert all(" the Sid S" in difference for difference in differences)


@given(DOCUMENTS, st.data())
@settings(deadline=None)
def test_whichever_member_changes_the_document_means_something_else(policy: Any, data: Any) -> None:
    path = data.draw(st.sampled_from(sorted(leaves(policy), key=str)))
    other = replaced(policy, path, "something:new")
    assert policy_document.canonical(other) != policy_document.canonical(policy)
    assert policy_document.differences(policy, other)


@given(DOCUMENTS, DOCUMENTS)
@settings(deadline=None)
def test_there_are_differences_exactly_where_a_document_is_not_fulfilled(before: Any, after: Any) -> None:
    assert bool(policy_document.differences(before, after)) is not policy_document.fulfils(before, after)
