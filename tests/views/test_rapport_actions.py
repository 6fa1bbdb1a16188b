"""Les actions collectives dans le rapport d'une convention : les comptes, leurs listes, ce qu'une clôture en garde."""

from __future__ import annotations

import pytest

from app.base import db
from app.domain.identifiant import deriver
from app.rapports.conservation import donnees_de, faits_de, relire
from app.rapports.demande import Demande
from app.rapports.petits_comptes import masquer
from app.rapports.rapport import Partie, parties, tableau
from app.rapports.tableau import CaseInconnue
from tests.jours import dans_jours
from tests.views.faits import Cas, un_cas, un_id
from tests.views.test_actions import Action

ANNEE = dans_jours(-1)[:4]


@pytest.fixture
def action(app, equipes) -> Action:
    """Deux séances de la veille : l'une tenue, l'autre annulée ; quatre inscrits, dont une de ses dossiers."""
    suivie = un_cas(app, equipes[0])
    cas = Action(app, equipes[0])
    dit = {"partenaire": "Tremplin imaginaire", "conventions": ["DSP-TDL"], "commentaire": "Une sortie au jardin."}
    cas.faire("creer_cahier", cas.personne, {"genre": "action", "nom": "Jardin partagé", **dit}, "chef_de_service")
    cas.faire("ajouter_membre", cas.personne, {"utilisateur": equipes[0].comptes["conseiller"]}, "chef_de_service")
    hier = dans_jours(-1)
    tenue, annulee, demain = un_id(), un_id(), un_id()
    cas.faire("noter_seance", tenue, {"le": hier, "debut": "09:00", "theme": "Semer"})
    cas.faire("noter_seance", annulee, {"le": hier, "etat": "annulee"})
    cas.faire("noter_seance", demain, {"le": dans_jours(1), "etat": "tenue"})
    dossier = deriver(cas.personne, suivie.personne)
    cas.faire("noter_inscription", dossier, {"qui": "Awa Zinsou-Fictive", "le": hier, "dossier_id": suivie.personne})
    venus = {"present": dossier, "excuse": un_id(), "sur_place": un_id(), "annule": un_id()}
    for nom, inscription in list(venus.items())[1:]:
        sur_place = {"sur_place": True} if nom == "sur_place" else {}
        cas.faire("noter_inscription", inscription, {"qui": f"{nom} Ailleurs", "le": hier, **sur_place})
    for nom, etat in (("present", "present"), ("excuse", "excuse"), ("sur_place", "present")):
        noter(cas, tenue, venus[nom], etat)
    noter(cas, annulee, venus["annule"], "present")
    return cas


def noter(cas: Action, seance: str, inscription: str, etat: str) -> None:
    cite = {"seance_id": seance, "inscription_id": inscription}
    cas.faire("noter_presence", deriver(cas.personne, seance, inscription), {**cite, "etat": etat})


def demande(action: Action, convention: str = "DSP-TDL", annee: str = ANNEE) -> Demande:
    return Demande.lire(action.equipe.structure_id, convention, annee, action.acteur().maintenant)


def test_the_line_counts_the_sessions_held_who_enrolled_and_who_came(app, action):
    """Ni la séance annulée, ni celle de demain ; qui vient sans être inscrit est présent, et n'est pas inscrit."""
    with app.app_context():
        lu = tableau(db.session(), demande(action), "actions")
    (ligne,) = lu.lignes
    assert [cellule.nombre for cellule in ligne.cellules] == [1, 3, 2]
    assert ligne.libelle.startswith("Jardin partagé, avec Tremplin imaginaire, ")
    assert "Jardin partagé\u202f: Une sortie au jardin." in lu.notes


@pytest.mark.parametrize(("convention", "annee"), [("ASP-NC", ANNEE), ("DSP-TDL", "2019")])
def test_another_convention_or_another_year_has_no_such_table(app, action, convention, annee):
    with app.app_context(), pytest.raises((CaseInconnue, LookupError)):
        tableau(db.session(), demande(action, convention, annee), "actions")


def test_the_list_names_who_has_a_file_and_no_one_from_elsewhere(action, connecte):
    nav = connecte("chef_de_service")
    adresse = f"/rapports/DSP-TDL/{ANNEE}"
    rapport = nav.get(adresse).text
    assert "Actions collectives" in rapport
    assert "Une sortie au jardin." in rapport
    inscrits = nav.get(f"{adresse}/actions/{action.personne}/inscrits").text
    assert "Zinsou-Fictive" in inscrits
    assert inscrits.count("Quelqu’un d’ailleurs") == 2
    assert "Ailleurs" not in inscrits.replace("Quelqu’un d’ailleurs", "")
    assert "Semer" in nav.get(f"{adresse}/actions/{action.personne}/seances").text


def test_who_does_not_follow_people_counts_and_does_not_open_the_list(action, connecte):
    nav = connecte("secretariat")
    adresse = f"/rapports/DSP-TDL/{ANNEE}"
    assert "Actions collectives" in nav.get(adresse).text
    assert nav.get(f"{adresse}/actions/{action.personne}/inscrits").status_code == 404


def test_a_closed_report_keeps_the_counts_and_a_pseudonym_each(app, action):
    with app.app_context():
        composees = tuple(
            Partie(p.titre, tuple(t for t in p.tableaux if t.code == "actions"))
            for p in parties(db.session(), demande(action))
        )
        faits = faits_de(db.session(), demande(action), composees, composees)
    relues = relire(donnees_de(composees), faits, True)
    (lu,) = (t for partie in relues for t in partie.tableaux)
    seances, inscrits, presents = lu.lignes[0].cellules
    assert (seances.nombre, inscrits.nombre, presents.nombre) == (1, 3, 2)
    assert seances.selection is None
    cle = f"actions/{action.personne}/inscrits"
    assert len({numero for numero, *_ in faits[cle]["lignes"]}) == inscrits.nombre
    assert "Zinsou" not in str(faits)
    assert "Semer" not in str(faits)


def test_small_counts_are_hushed_as_everywhere(app, action):
    with app.app_context():
        composees = masquer(parties(db.session(), demande(action)))
    (lu,) = (t for partie in composees for t in partie.tableaux if t.code == "actions")
    assert {cellule.texte for cellule in lu.lignes[0].cellules} == {"<\u202f5"}


def test_two_files_of_one_person_count_once_when_they_are_joined(app, action):
    """Inscrite et notée présente sous ses deux dossiers, elle est une personne ; la liste mène à celui qui reste."""
    reste, autre, hier = suivie(action), Cas(app, action.equipe), dans_jours(-1)
    autre.faire("creer_personne", autre.personne, {"nom": "Double-Fictive", "prenom": "Awa"})
    inscription = deriver(action.personne, autre.personne)
    action.faire("noter_inscription", inscription, {"qui": "Awa", "le": hier, "dossier_id": autre.personne})
    noter(action, tenue(action), inscription, "present")
    assert comptes(app, action) == [1, 4, 3]
    Cas(app, action.equipe, personne=reste).faire(
        "fusionner_dossiers", reste, {"absorbee": autre.personne}, "chef_de_service"
    )
    assert comptes(app, action) == [1, 3, 2]
    with app.app_context():
        lu = tableau(db.session(), demande(action), "actions")
        lignes = lu.lignes[0].cellules[1].selection.page(db.session(), demande(action), 0, 9)
    assert {ligne.dossier_id for ligne in lignes} == {reste, ""}


def test_a_session_held_only_by_an_enrolment_withdrawn_is_not_held(app, action):
    seance, erreur = un_id(), un_id()
    action.faire("noter_seance", seance, {"le": dans_jours(-1)})
    action.faire("noter_inscription", erreur, {"qui": "Erreur Inventée", "le": dans_jours(-1)})
    noter(action, seance, erreur, "present")
    assert comptes(app, action) == [2, 4, 3]
    action.faire("retirer_inscription", erreur, {"motif": "Erreur"})
    assert comptes(app, action) == [1, 3, 2]


def suivie(action: Action) -> str:
    (dossier,) = {i["valeurs"]["dossier_id"] for i in action.feuilles("inscription") if "dossier_id" in i["valeurs"]}
    return dossier


def tenue(action: Action) -> str:
    return next(seance["id"] for seance in action.feuilles("seance") if "theme" in seance["valeurs"])


def comptes(app, action: Action) -> list[int]:
    with app.app_context():
        (ligne,) = tableau(db.session(), demande(action), "actions").lignes
    return [cellule.nombre for cellule in ligne.cellules]
