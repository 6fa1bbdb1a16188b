"""Les grilles de sorties : le chef de service déplace un motif, le rapport le compte là, et l'histoire le dit."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.views.faits import Cas, dans, un_cas
from tests.views.test_desaccords import formulaire

GRILLE = "/conventions/grilles/dsp_2022"
ROLE = "chef_de_service"
# Le dernier mois fini : le secrétariat ne lit que des mois entiers.
SORTIE = dt.date.fromisoformat(dans(0)[:10]).replace(day=1) - dt.timedelta(1)
RAPPORT = f"/rapports/DSP-TDL/{SORTIE.replace(day=1)}_{SORTIE}"


@pytest.fixture
def cas(app, equipes) -> Cas:
    """Une mesure, que l'essai fait sortir à la fin du mois dernier."""
    return un_cas(app, equipes[0])


def sortir(cas: Cas, motif: str) -> None:
    cas.faire("modifier_mesure", cas.mesure, {"entree_le": dans(-40)[:10]})
    cas.faire("prononcer_sortie", cas.mesure, {"sortie_le": SORTIE.isoformat(), "sortie_motif": motif})


def nombres(nav, *cases: str) -> list[int]:
    trouves = []
    for case in cases:
        reponse = nav.get(f"{RAPPORT}/sorties_dsp_2022/{case}/nombre")
        trouves.append(reponse.text.count("/dossiers/") if reponse.status_code == 200 else reponse.status_code)
    return trouves


def test_a_moved_reason_is_counted_where_the_chef_put_it_and_comes_back(cas, connecte):
    sortir(cas, "creation_entreprise")
    chef, adresse = connecte(ROLE), f"{GRILLE}/creation_entreprise"
    assert nombres(chef, "creation", "durable", "emploi") == [1, 0, 0]
    saisie = formulaire(chef.get(adresse).text, adresse) | {"case": "durable", "raison": "Avenant de mai"}
    assert chef.post(adresse, saisie).status_code == 303
    # Le même envoi, deux fois : une seule décision.
    assert chef.post(adresse, saisie).status_code in (303, 422)
    assert nombres(chef, "creation", "durable", "emploi") == [0, 1, 1]
    page = chef.get(GRILLE).text
    assert "déplacé ici" in page
    assert page.count("Avenant de mai") == 1
    retour = formulaire(chef.get(adresse).text, adresse) | {"case": "creation", "raison": "Erreur"}
    assert chef.post(adresse, retour).status_code == 303
    assert nombres(chef, "creation", "durable", "emploi") == [1, 0, 0]
    page = chef.get(GRILLE).text
    assert "déplacé ici" not in page
    assert "là où la grille le met" in page


def test_what_is_missing_is_said_and_the_form_keeps_what_was_typed(cas, connecte):
    chef, adresse = connecte(ROLE), f"{GRILLE}/creation_entreprise"
    base = formulaire(chef.get(adresse).text, adresse)
    refus = chef.post(adresse, base | {"case": "creation", "raison": ""})
    assert refus.status_code == 422
    assert "Il y est déjà" in refus.text
    assert "Dites pourquoi." in refus.text
    assert "Mon avenant" in chef.post(adresse, base | {"case": "nulle_part", "raison": "Mon avenant"}).text
    assert chef.get(f"{GRILLE}/magie").status_code == 404
    assert chef.get("/conventions/grilles/inconnue").status_code == 404


def test_another_structure_and_another_role_change_nothing_here(cas, connecte):
    sortir(cas, "creation_entreprise")
    adresse, secretariat, ailleurs = f"{GRILLE}/creation_entreprise", connecte("secretariat"), connecte(ROLE, 1)
    saisie = formulaire(ailleurs.get(adresse).text, adresse) | {"case": "durable", "raison": "Chez nous"}
    assert ailleurs.post(adresse, saisie).status_code == 303
    assert nombres(connecte(ROLE), "creation", "durable") == [1, 0]
    assert secretariat.get(GRILLE).status_code == 200
    assert adresse not in secretariat.get(GRILLE).text
    assert secretariat.get(adresse).status_code == 404
    assert secretariat.post(adresse, saisie).status_code == 404


def test_who_does_not_read_the_reserved_reasons_sees_them_with_the_others(cas, connecte):
    """Ni ligne, ni liste par motif : un compte moins les autres ne rend pas qui est détenu. Clos, de même."""
    sortir(cas, "suspension_incarceration")
    adresse = f"{RAPPORT}/sorties_motifs/suspension_incarceration/nombre"
    chef, secretariat = connecte(ROLE), connecte("secretariat")
    assert chef.get(adresse).status_code == 200
    assert adresse in chef.get(RAPPORT).text
    sans_lien = "Un chiffre sans lien a une liste que votre rôle ne lit pas."
    assert sans_lien not in chef.get(RAPPORT).text
    assert sans_lien in secretariat.get(RAPPORT).text
    for _ in range(2):
        page, total = secretariat.get(RAPPORT).text, secretariat.get(f"{RAPPORT}/sorties_motifs/total/nombre")
        for tu in ("ncarcération", "suspension_incarceration"):
            assert tu not in page + total.text, tu
        assert re.search(r'data-code="autre"[^>]*>\s*<th[^>]*>Autre sortie', page)
        assert total.status_code == 200
        lignes = re.findall(r'href="[^"]+/(sorties_\w+)/(\w+)/', page)
        assert {ligne for _, ligne in lignes} == {"total"}
        for ligne in ("suspension_incarceration", "autre"):
            assert secretariat.get(f"{RAPPORT}/sorties_motifs/{ligne}/nombre").status_code == 404
        fichier = secretariat.post(f"{RAPPORT}/sortir", {"format": "csv", "motif": "financeur"}).text
        assert ";autre;Autre sortie;nombre;1;" in fichier
        assert "ncarc" not in fichier
        assert "ncarc" not in secretariat.get(f"{RAPPORT}/cloture").text
        chef.post(f"{RAPPORT}/cloture", {"verifie": "oui"})
