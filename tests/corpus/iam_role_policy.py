# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of iam_role_policy."""

from __future__ import annotations

from typing import Any

from plugins.modules import iam_role_policy as module
from tests.corpus.row import FUNCTION, LEFT_OUT, ROLE, Row

__all__ = ["ROWS", "SOUND", "module"]

TABLE = "arn:aws:dynamodb:us-east-1:*:table/threads"
STATEMENT = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE}
DOCUMENT = {"Version": "2012-10-17", "Statement": [STATEMENT]}
SOUND: dict[str, Any] = {"role_name": ROLE, "policy_name": "corpus", "policy_document": DOCUMENT}
MANAGED = {"type": "managed", "policy_name": "corpus"}
BY_ARN = {"policy_name": LEFT_OUT, "policy_document": LEFT_OUT}
SAYS = "policy_document: "


def statement(**given: Any) -> dict[str, Any]:
    """The options of a policy of one statement, which is sound but for these."""
    elements = {name: value for name, value in {**STATEMENT, **given}.items() if value is not LEFT_OUT}
    return {"policy_document": {"Version": "2012-10-17", "Statement": [elements]}}


def document(**given: Any) -> dict[str, Any]:
    elements = {name: value for name, value in {**DOCUMENT, **given}.items() if value is not LEFT_OUT}
    return {"policy_document": elements}


NAMES = [
    Row("neither role nor function", {"role_name": LEFT_OUT}, "role_name, lambda_function_name", by_ansible=True),
    Row("a role and a function", {"lambda_function_name": FUNCTION}, "role_name|lambda_function_name", by_ansible=True),
    Row("null as role", {"role_name": None}, "role_name, lambda_function_name: none of them has a value; give one"),
    Row("an empty role", {"role_name": ""}, "role_name: '' is not a name it can have; give 1 to 64 letters, digits"),
    Row("a role with a space", {"role_name": "my role"}, "role_name: 'my role' is not a name it can have; give 1 to"),
    Row("a role with its path", {"role_name": "service-role/mana"}, "role_name: 'service-role/mana' is not a name it"),
    Row(
        "the ARN of a role",
        {"role_name": "arn:aws:iam::123456789012:role/mana"},
        "role_name: 'arn:aws:iam::123456789012:role/mana' is not a name it can have; give its name alone, mana",
    ),
    Row("a long role", {"role_name": "a" * 65}, f"role_name: '{'a' * 65}' is not a name it can have; give 1 to 64"),
    Row(
        "a role that is not there", {"role_name": "nobody"}, "role_name: there is no role nobody in this account", True
    ),
    Row(
        "null as function",
        {"role_name": LEFT_OUT, "lambda_function_name": None},
        "role_name, lambda_function_name: none of them has a value; give one",
    ),
    Row("an empty function", {"role_name": LEFT_OUT, "lambda_function_name": ""}, "lambda_function_name: '' is not a"),
    Row(
        "a function with a space", {"role_name": LEFT_OUT, "lambda_function_name": "a b"}, "lambda_function_name: 'a b'"
    ),
    Row(
        "a function that is not there",
        {"role_name": LEFT_OUT, "lambda_function_name": "nobody"},
        "lambda_function_name: there is no function nobody in us-east-1; name one that is there, or give role_name",
        reads=True,
    ),
    Row("neither name nor ARN", {"policy_name": LEFT_OUT}, "policy_name, policy_arn", by_ansible=True),
    Row("null as name", {"policy_name": None}, "policy_name, policy_arn: none of them has a value; give one"),
    Row("an empty name", {"policy_name": ""}, "policy_name: '' is not a name it can have; give 1 to 128 letters"),
    Row(
        "a name with a space", {"policy_name": "my policy"}, "policy_name: 'my policy' is not a name it can have; give"
    ),
    Row("a long name", {"policy_name": "a" * 129}, f"policy_name: '{'a' * 129}' is not a name it can have; give 1"),
    Row("a name with a line break", {"policy_name": "corpus\n"}, "policy_name: 'corpus\\n' is not a name it can have"),
    Row(
        "an empty ARN", {**BY_ARN, "policy_arn": ""}, "policy_arn: '' is not the ARN of a managed policy; give one such"
    ),
    Row(
        "the name of AWS's policy",
        {**BY_ARN, "policy_arn": "AWSLambdaExecute"},
        "policy_arn: 'AWSLambdaExecute' is not",
    ),
    Row(
        "the ARN of a role as policy",
        {**BY_ARN, "policy_arn": "arn:aws:iam::123456789012:role/a"},
        "policy_arn: ",
    ),
    Row(
        "an ARN that is not there",
        {**BY_ARN, "policy_arn": "arn:aws:iam::000000000000:policy/nothing"},
        "policy_arn: there is no policy arn:aws:iam::000000000000:policy/nothing; name one that is there",
        reads=True,
    ),
    Row("a name and an ARN", {"policy_arn": "arn:aws:iam::aws:policy/P"}, "policy_name|policy_arn", by_ansible=True),
    Row(
        "a path of an inline policy", {"path": "/mana/"}, "path: an inline policy has none; leave it out, or give type"
    ),
    Row("a description of an inline policy", {"description": "a"}, "description: an inline policy has none; leave it"),
    Row(
        "tags of an inline policy", {"tags": {}}, "tags: an inline policy has none; leave it out, or give type: managed"
    ),
    Row("a path without slashes", {**MANAGED, "path": "mana"}, "path: 'mana' is not a path; give one that begins and"),
    Row(
        "a path with two slashes", {**MANAGED, "path": "//"}, "path: '//' is not a path; give one that begins and ends"
    ),
    Row(
        "a path of one slash too few", {**MANAGED, "path": "/mana"}, "path: '/mana' is not a path; give one that begins"
    ),
    Row("a long description", {**MANAGED, "description": "a" * 1001}, "description: it is too long; give up to 1000"),
    Row(
        "a description of two lines", {**MANAGED, "description": "a\nb"}, "description: it has a line break or another"
    ),
    Row("a description of a block of YAML", {**MANAGED, "description": "a\n"}, "description: it has a line break or"),
    Row("a tag without a value", {**MANAGED, "tags": {"team": None}}, "tags: the value of 'team' must be a string;"),
    Row("a tag with a comma", {**MANAGED, "tags": {"team": "a,b"}}, "tags: 'team' has the character ,; tags take"),
    Row(
        "51 tags", {**MANAGED, "tags": {f"t{n}": "a" for n in range(51)}}, "tags: 51 tags were declared; a resource can"
    ),
    Row(
        "a tag of AWS's own",
        {**MANAGED, "tags": {"aws:a": "b"}},
        "tags: the key 'aws:a' is AWS's own, as all that",
        True,
    ),
    Row(
        "a description of a policy that is attached as it is",
        {**BY_ARN, "policy_arn": "arn:aws:iam::aws:policy/P", "description": "a"},
        "description: the policy of policy_arn is attached as it is; leave description out, or give policy_name",
    ),
    Row("an unknown kind of policy", {"type": "customer"}, "type", by_ansible=True),
    Row("an unknown state", {"state": "attached"}, "state", by_ansible=True),
]

DOCUMENTS = [
    Row("no document", {"policy_document": LEFT_OUT}, "policy_document, policy_arn", by_ansible=True),
    Row("null as document", {"policy_document": None}, f"{SAYS}it has no value; give the policy, as a mapping with"),
    Row("null as managed document", {**MANAGED, "policy_document": None}, f"{SAYS}it has no value; give the policy"),
    Row(
        "an empty document", {"policy_document": {}}, f"{SAYS}it has no Statement; give one statement or a list of them"
    ),
    Row("no statement", document(Statement=LEFT_OUT), f"{SAYS}it has no Statement; give one statement or a list"),
    Row("an empty list of statements", document(Statement=[]), f"{SAYS}it has no Statement; give one statement or"),
    Row("text as statements", document(Statement="x"), f"{SAYS}it has no Statement; give one statement or a list"),
    Row("text as a statement", document(Statement=["x"]), f"{SAYS}statement 1 is 'x'; give a mapping with Effect,"),
    Row("another version", document(Version="2020-01-01"), f"{SAYS}Version is '2020-01-01'; give 2012-10-17"),
    Row("a misspelt Statement", document(Statements=[]), f"{SAYS}the document has an element 'Statements', which IAM"),
    Row("a document in small letters", {"policy_document": {"statement": [STATEMENT]}}, f"{SAYS}the document has an"),
    Row("a Sid twice", document(Statement=[{**STATEMENT, "Sid": "A"}] * 2), f"{SAYS}statement 1 and statement 2 both"),
    Row("a Sid with a space", statement(Sid="My table"), f"{SAYS}statement 1 has the Sid 'My table'; give a string of"),
    Row("a Sid with a dash", statement(Sid="my-table"), f"{SAYS}statement 1 has the Sid 'my-table'; give a string of"),
    Row(
        "a principal", statement(Principal="*"), f"{SAYS}statement 1 has a Principal; leave it out: the principal of a"
    ),
    Row(
        "an effect in small letters", statement(Effect="allow"), f"{SAYS}statement 1 has the Effect 'allow'; give Allow"
    ),
    Row(
        "an effect of its own", statement(Effect="Permit"), f"{SAYS}statement 1 has the Effect 'Permit'; give Allow or"
    ),
    Row("no effect", statement(Effect=LEFT_OUT), f"{SAYS}statement 1 has no Effect; give Allow or Deny"),
    Row("a misspelt element", statement(Actions=[]), f"{SAYS}statement 1 has an element 'Actions', which IAM does not"),
    Row(
        "no action", statement(Action=LEFT_OUT), f"{SAYS}statement 1 has neither Action nor NotAction; give one of the"
    ),
    Row(
        "an empty list of actions", statement(Action=[]), f"{SAYS}statement 1 has no member in Action; give one such as"
    ),
    Row(
        "an action without its service", statement(Action="GetItem"), f"{SAYS}statement 1 has 'GetItem' in Action; give"
    ),
    Row("null as action", statement(Action=None), f"{SAYS}statement 1 has null in Action; give one such as"),
    Row(
        "an action with a space", statement(Action="dynamodb: GetItem"), f"{SAYS}statement 1 has 'dynamodb: GetItem' in"
    ),
    Row(
        "a picture as action",
        statement(Action="dynamodb:\N{ROCKET}"),
        f"{SAYS}statement 1 has 'dynamodb:\N{ROCKET}' in",
    ),
    Row(
        "an action and all but one",
        statement(NotAction="a:B"),
        f"{SAYS}statement 1 has both Action and NotAction; give",
    ),
    Row(
        "no resource", statement(Resource=LEFT_OUT), f"{SAYS}statement 1 has neither Resource nor NotResource; give one"
    ),
    Row("the name of a table", statement(Resource="threads"), f"{SAYS}statement 1 has 'threads' in Resource; give one"),
    Row("an empty resource", statement(Resource=""), f"{SAYS}statement 1 has '' in Resource; give one such as"),
    Row("a resource with a line break", statement(Resource=f"{TABLE}\n"), f"{SAYS}statement 1 has '{TABLE}\\n' in"),
    Row("a condition of text", statement(Condition="x"), f"{SAYS}statement 1 has the Condition 'x'; give a condition"),
    Row("a condition without its key", statement(Condition={"Bool": "x"}), f"{SAYS}statement 1 has no condition key"),
    Row("a condition without a value", statement(Condition={"Bool": {"a": None}}), f"{SAYS}statement 1 has no plain"),
    Row(
        "a misspelt operator", statement(Condition={"StringEqual": {"a": "b"}}), f"{SAYS}statement 1 has the condition"
    ),
    Row("no operator", statement(Condition={"": {"a": "b"}}), f"{SAYS}statement 1 has the condition operator ''"),
    Row("a condition without an operator", statement(Condition={"aws:username": "a"}), f"{SAYS}statement 1 has the"),
    Row("11 KB", statement(Resource=[f"{TABLE}{n}" for n in range(300)]), f"{SAYS}it has "),
    Row("7 KB", {**MANAGED, **statement(Resource=[f"{TABLE}{n}" for n in range(160)])}, f"{SAYS}it has "),
]

BYTES = [
    Row("bytes as an action", statement(Action=[b"a"]), f"{SAYS[:-2]}.Statement[0].Action[0]: bytes have no form here"),
    Row("bytes as an element", document(Id=b"a"), f"{SAYS[:-2]}.Id: bytes have no form here; write them as text"),
]

ROWS = [*NAMES, *DOCUMENTS, *BYTES]
