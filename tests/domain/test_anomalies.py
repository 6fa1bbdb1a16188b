"""Les anomalies, sur les cas de tests/corpus/anomalies.json."""

import json
import re
from typing import Any

import pytest

from app.domain.anomalies import REGLES, anomalies
from tests.corpus.lecture import DOSSIER, deplier

DOCUMENT = (DOSSIER.parents[1] / "docs" / "supervision.md").read_text(encoding="utf-8")
FICHIER = json.loads((DOSSIER / "anomalies.json").read_text(encoding="utf-8"))
CAS = [deplier(cas, FICHIER["fiches"]) for cas in FICHIER["cas"]]


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas["nom"])
def test_the_rules_say_what_the_case_says(cas: dict[str, Any]) -> None:
    dites = {trouvee.code: trouvee.phrase for trouvee in anomalies(cas["fiche"], cas["dossier"], cas["jour"])}
    assert dites == cas["dit"]


def test_every_rule_is_seen_speaking_and_keeping_silent() -> None:
    dites = {code for cas in CAS for code in cas["dit"]}
    assert dites == set(REGLES)
    for code, regle in REGLES.items():
        assert any(cas["fiche"]["type"] == regle.fiche and code not in cas["dit"] for cas in CAS), code


def test_what_settles_an_anomaly_is_an_address_of_its_file() -> None:
    for cas in CAS:
        for trouvee in anomalies(cas["fiche"], cas["dossier"], cas["jour"]):
            assert "{" not in trouvee.url
            assert trouvee.url.startswith("/")


def test_every_rule_is_documented_with_its_code() -> None:
    documentes = re.findall(r"^\| `([a-z_]+)`( \*)? \|", DOCUMENT, re.MULTILINE)
    assert {(code, bool(marque)) for code, marque in documentes} == {(r.code, r.a_relire) for r in REGLES.values()}
