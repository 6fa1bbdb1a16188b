"""Les demandes de logement par bailleur, telles qu'on les emporte à la rencontre."""

from __future__ import annotations

import re

import pytest

from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import Cas, dans, un_cas, un_id

HABITAT = "Habitat du Val"


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def demander(cas: Cas, aupres: str | None, **champs: object) -> str:
    identifiant = un_id()
    dites = {"mesure_id": cas.mesure, "nature": "logement", "deposee_le": dans(-95)[:10], "statut": "en_cours"}
    cas.faire("noter_demande", identifiant, dites | ({"aupres": aupres} if aupres else {}) | champs)
    return identifiant


def lignes(page: str) -> dict[str, list[str]]:
    """Par bailleur : demandes, notes à mettre à jour, sans note."""
    trouvees = re.findall(r'<a href="/reunions/logement/[0-9a-f]+">([^<]+)</a>(.*?)</tr>', page, re.S)
    return {nom: re.findall(r">(\d+)</td>", reste) for nom, reste in trouvees}


def test_applications_are_grouped_by_landlord_however_the_name_is_written(cas, connecte):
    demander(cas, HABITAT)
    demander(cas, " habitat du  VAL ")
    demander(cas, "Toits de Fable", statut="refusee", statut_le=dans(-3)[:10])
    demander(cas, None)
    demander(cas, "SIAO", nature="hebergement_siao")
    chef = connecte("chef_de_service")
    assert lignes(chef.get("/reunions/logement").text) == {
        HABITAT: ["2", "0", "2"],
        "Sans bailleur noté": ["1", "0", "1"],
    }
    assert list(lignes(chef.get("/reunions/logement?nature=hebergement_siao").text)) == ["SIAO"]


def test_a_note_is_to_update_once_the_situation_has_changed_since(cas, connecte):
    demande = demander(cas, HABITAT, note_information_le=dans(-20)[:10])
    chef = connecte("chef_de_service")
    page = chef.get("/reunions/logement").text
    assert lignes(page) == {HABITAT: ["1", "0", "0"]}
    (lien,) = re.findall(r'href="(/reunions/logement/[0-9a-f]+)"', page)
    assert "À jour, du" in chef.get(lien).text
    changee = {"logement": "heberge_tiers", "enfants_a_charge": 2, "date_effet": dans(-5)[:10]}
    cas.faire("modifier_personne", cas.personne, changee)
    page = chef.get(lien).text
    assert re.search(r"À mettre à jour\u202f: [^<]+ le \d\d/", page)
    assert f"/pieces/{demande}/modifier" in page
    assert "2 enfants" in page
    assert lignes(chef.get("/reunions/logement").text) == {HABITAT: ["1", "1", "0"]}
    # La même règle que l'échéance du dossier ; répondue, elle se tait aux deux endroits.
    cas.faire("modifier_demande", demande, {"note_information_le": dans(0)[:10]})
    assert lignes(chef.get("/reunions/logement").text) == {HABITAT: ["1", "0", "0"]}


def test_the_sheet_is_printed_and_the_address_names_nobody(cas, connecte):
    demander(cas, HABITAT, texte="Visite le 12")
    chef = connecte("chef_de_service")
    (lien,) = re.findall(r'href="(/reunions/logement/[0-9a-f]+)"', chef.get("/reunions/logement").text)
    assert "depuis 3 mois" in chef.get(lien).text
    feuille = chef.get(f"{lien}/imprimer").text
    assert "Awa Zinsou-Fictive" in feuille
    assert "Visite le 12" not in feuille
    pdf = chef.get(f"{lien}.pdf")
    assert "AwaZinsou-Fictive" in texte(lire_pdf(pdf.data))
    assert "Habitat" not in pdf.headers["Content-Disposition"]
    assert chef.get("/reunions/logement/0000").status_code == 404
    for role in ("conseiller", "secretariat"):
        assert connecte(role).get(lien).status_code == 404
        assert connecte(role).get("/reunions").status_code == 403
    assert connecte("chef_de_service", 1).get(lien).status_code == 404
