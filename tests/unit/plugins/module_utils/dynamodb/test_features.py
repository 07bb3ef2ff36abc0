# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An option that the installed botocore cannot send is refused before anything is read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from plugins.module_utils.dynamodb import features
from plugins.module_utils.dynamodb.features import FEATURES, Feature
from plugins.module_utils.plan import Impossible
from tests.declaring import GSI1
from tests.unit.declaring import MODEL, declared

CLIENT: Any = SimpleNamespace(meta=SimpleNamespace(service_model=MODEL))


def test_the_botocore_of_the_tests_knows_every_feature() -> None:
    everything: dict[str, Any] = {feature.option.split(".")[0]: {} for feature in FEATURES}
    features.check({**everything, "indexes": None}, CLIENT)


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"resource_policy": {}}, "resource_policy"),
        ({"indexes": [{**GSI1, "warm_throughput": {"read_units_per_second": 1}}]}, "warm_throughput"),
        (
            {"point_in_time_recovery": {"recovery_period_in_days": 5}},
            "point_in_time_recovery.recovery_period_in_days",
        ),
        ({"indexes": [{**GSI1, "contributor_insights": {"mode": "THROTTLED_KEYS"}}]}, "contributor_insights.mode"),
    ],
    ids=["a call", "a member, for an index", "a member of a member", "a suboption of an index"],
)
@pytest.mark.parametrize("missing", ["Nonsense", "Nonsense.Deeper"])
def test_a_missing_feature_names_the_version(
    given: dict[str, Any], option: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (feature,) = [each for each in FEATURES if each.option == option]
    lacking = Feature(option, feature.call, missing, feature.version)
    monkeypatch.setattr(features, "FEATURES", (lacking,))
    with pytest.raises(Impossible) as refusal:
        features.check(declared(**given), CLIENT)
    assert (
        str(refusal.value) == f"{option}: the installed botocore is too old for it; install {feature.version} or newer"
    )


def test_a_missing_call_is_a_missing_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "FEATURES", (Feature("tags", "Nonsense", "Tags", "9.9.9"),))
    with pytest.raises(Impossible, match=r"^tags: .* install 9\.9\.9 or newer"):
        features.check(declared(tags={}), CLIENT)


def test_botocore_need_not_know_an_undeclared_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "FEATURES", (Feature("tags", "Nonsense", "Tags", "9.9.9"),))
    features.check(declared(hash_key_name="pk"), CLIENT)
