"""Deux structures ne se voient jamais, et dans une structure chacun n'ouvre que sa file active."""

from __future__ import annotations

import pytest

from app.securite.permissions import ROLES, permission_de, peut
from tests.views.faits import un_cas
from tests.views.parcours import adresses

# Quel identifiant va à la place de <uuid:id>, selon la famille d'adresses.
OBJETS = {
    "/dossiers/": "personne",
    "/entretiens/": "entretien",
    "/rendez-vous/": "passe",
    "/papiers/": "personne",
    "/administration/utilisateurs/": "compte",
    "/administration/appareils/": "appareil",
    "/appareils/": "appareil",
}


def _adresses_d_objets(app, cas):
    for adresse in adresses(app):
        prefixe = next((p for p in OBJETS if adresse.regle.startswith(p) and "id" in adresse.arguments), None)
        if prefixe is None:
            continue
        objet = OBJETS[prefixe]
        valeur = cas.equipe.comptes["conseiller"] if objet == "compte" else getattr(cas, objet, cas.personne)
        (exacte,) = (
            a for a in adresses(app, id=valeur) if a.endpoint == adresse.endpoint and a.methode == adresse.methode
        )
        yield exacte


@pytest.mark.parametrize("role", ROLES)
def test_no_role_opens_an_object_of_another_structure(app, equipes, connecte, role):
    ailleurs = un_cas(app, equipes[1])
    avant = ailleurs.dossier()
    nav = connecte(role)
    vues = list(_adresses_d_objets(app, ailleurs))
    assert len(vues) >= 9
    for adresse in vues:
        reponse = nav.get(adresse.chemin) if adresse.methode == "GET" else nav.post(adresse.chemin)
        assert reponse.status_code == 404, (adresse, reponse.status_code)
        assert ailleurs.nom not in reponse.text
    assert ailleurs.dossier() == avant


def test_a_counsellor_does_not_open_the_file_of_a_colleague(app, equipes, connecte):
    cas = un_cas(app, equipes[0])
    for adresse in _adresses_d_objets(app, cas):
        permission = permission_de(app.view_functions[adresse.endpoint])
        if not (permission or "").startswith(("dossiers", "entretiens")):
            continue
        nav = connecte("maraude")
        reponse = nav.get(adresse.chemin) if adresse.methode == "GET" else nav.post(adresse.chemin)
        assert reponse.status_code == 404, adresse


def test_the_chef_and_the_secretariat_open_the_files_of_their_structure(app, equipes, connecte):
    cas = un_cas(app, equipes[0])
    for role in ROLES:
        attendu = 200 if peut(role, "fiches.lire") or role == "conseiller" else 404
        assert connecte(role).get(f"/dossiers/{cas.personne}").status_code == attendu, role


def test_an_unknown_file_and_a_forbidden_one_look_the_same(app, equipes, connecte):
    ailleurs = un_cas(app, equipes[1])
    nav = connecte()
    interdit, inconnu = nav.get(f"/dossiers/{ailleurs.personne}"), nav.get(f"/dossiers/{ailleurs.mesure}")

    def corps(reponse):
        return [ligne for ligne in reponse.text.splitlines() if "nonce" not in ligne]

    assert interdit.status_code == inconnu.status_code == 404
    assert corps(interdit) == corps(inconnu)


def test_lists_and_searches_stay_inside_the_structure(app, equipes, connecte):
    un_cas(app, equipes[1], "Kaboré-Ailleurs")
    chef = connecte("chef_de_service")
    reponses = [chef.get(page) for page in ("/", "/dossiers", "/supervision/fiches", "/entretiens/nouveau")]
    reponses.append(chef.post("/dossiers/recherche", {"q": "kabore"}))
    for reponse in reponses:
        assert reponse.status_code == 200
        assert "Ailleurs" not in reponse.text


def test_a_private_note_is_shown_to_its_author_only(app, equipes, connecte):
    cas = un_cas(app, equipes[0])
    cas.faire("modifier_entretien", cas.entretien, {"note_personnelle": "Rappeler le canari jaune"})
    assert "canari jaune" in connecte().get(f"/dossiers/{cas.personne}").text
    chef = connecte("chef_de_service")
    for chemin in (f"/dossiers/{cas.personne}", f"/entretiens/{cas.entretien}/modifier", "/supervision/fiches"):
        assert "canari jaune" not in chef.get(chemin).text
