"""La charge de l'équipe, ses retards, ce qui ne bouge plus ; et chacun ses chiffres."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from flask import Flask

from app.base import db, ecrire
from app.domain.mouvement import dernier_mouvement
from app.equipe import immobiles, retards
from app.equipe.charge import lire
from app.models import Agent, Convention, Mesure, TempsDeTravail
from sync.fiches import lire_dossiers
from sync.operation import PROTOCOLE
from tests.views.conftest import Equipe
from tests.views.faits import Cas, dans, un_cas, un_id
from tests.views.test_echange import echanger, enroler


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def une_autre(app: Flask, cas: Cas, nom: str, *, orientee: int, vue: int | None = None, role: str = "maraude") -> Cas:
    """Quelqu'un d'autre, suivi depuis `orientee` jours, vu il y a `vue` jours."""
    autre = Cas(app, cas.equipe, role=role, nom=nom)
    autre.faire("creer_personne", autre.personne, {"nom": nom, "prenom": "Ali", "date_effet": dans(-orientee)[:10]})
    autre.faire("ouvrir_mesure", autre.mesure, {"convention": "DSP-TDL", "orientee_le": dans(-orientee)[:10]})
    if vue is not None:
        note = {"mesure_id": autre.mesure, "date": dans(-vue)[:10], "moyen": "telephone"}
        autre.faire("noter_entretien", autre.entretien, note)
    return autre


def entrer(app: Flask, cas: Cas, jours: int) -> None:
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get_one(Mesure, (cas.equipe.structure_id, cas.mesure))
        mesure.entree_le = dt.date.fromisoformat(dans(-jours)[:10])


def employer(app: Flask, equipe: Equipe, role: str, *temps: tuple[str, int, str]) -> None:
    maintenant, qui = dt.datetime.now(dt.UTC), un_id()
    cle = {"structure_id": equipe.structure_id}
    with app.app_context(), ecrire(db.engine) as session:
        compte = {"utilisateur_id": equipe.comptes[role], "par_id": equipe.comptes["chef_de_service"]}
        session.add(Agent(**cle, **compte, id=qui, nom="F", prenom="C", fonction="Conseillère", le=maintenant))
        session.flush()
        for convention, jours, etp in temps:
            jour = dt.date.fromisoformat(dans(jours)[:10])
            session.add(TempsDeTravail(**cle, agent_id=qui, convention=convention, jour=jour, etp=Decimal(etp)))


def test_files_stand_beside_places_and_working_time(app, cas, connecte):
    entrer(app, cas, 50)
    entrer(app, une_autre(app, cas, "Fabulis", orientee=30), 10)
    une_autre(app, cas, "Merveillis", orientee=5)
    # Ce qui a changé : huit dixièmes d'abord, six depuis la semaine dernière ; le mois prochain ne compte pas encore.
    employer(app, cas.equipe, "conseiller", ("DSP-TDL", -90, "0.8"), ("DSP-TDL", -7, "0.6"), ("DSP-TDL", 30, "1"))
    employer(app, cas.equipe, "maraude", ("DSP-TDL", -90, "0.5"), ("", -90, "0.2"))
    employer(app, cas.equipe, "chef_de_service", ("DSP-TDL", -90, "0.4"))
    employer(app, cas.equipe, "secretariat", ("DSP-TDL", -90, "0.2"))
    with app.app_context(), ecrire(db.engine) as session:
        convention = session.query(Convention).one()
        convention.donnees = convention.donnees | {"places": [["2022-01-01", 1]]}
        lue = lire(session, cas.equipe.structure_id, dans(0)[:10], dt.datetime.now(dt.UTC))
    (ligne,) = lue.conventions
    assert (ligne.en_cours, ligne.en_integration, ligne.etp, ligne.par_etp) == (2, 1, "1,1\u202fETP", "2")
    assert (ligne.places, ligne.en_plus) == (1, 1)
    files = {r.id: (r.mesures, r.en_integration, r.etp) for r in lue.referents}
    assert files[cas.equipe.comptes["conseiller"]] == (1, 0, "0,6\u202fETP")
    assert files[cas.equipe.comptes["maraude"]] == (2, 1, "0,7\u202fETP")
    page = connecte("chef_de_service").get("/equipe/charge").text
    assert "1 de plus que convenu" in page
    assert "dont 1 en intégration" in page


def test_a_returned_fiche_without_an_answer_is_counted_until_it_is_answered(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/fiches").text
    choisie = next(c for c in re.findall(r'type="checkbox" name="fiche" value="([^"]+)"', page) if cas.entretien in c)
    chef.post("/supervision/fiches/retourner", {"fiche": choisie, "remarque": "Précisez la durée."})
    assert "1 fiche</a>" in chef.get("/equipe/charge").text
    retournees = "/supervision/fiches?filtre=retournees"
    assert "pas de téléphone" in chef.get(retournees).text
    nav = connecte()
    telephone = enroler(nav).json["appareil"]
    assert "pas encore sur le téléphone" in chef.get(retournees).text
    recu = echanger(nav, telephone, protocole=PROTOCOLE).json
    assert "Précisez la durée." in str(recu["fiches"])
    assert "arrivée sur le téléphone, sans réponse encore" in chef.get(retournees).text
    cas.faire("modifier_entretien", cas.entretien, {"duree": 30})
    assert "1 fiche</a>" not in chef.get("/equipe/charge").text


def test_each_reads_their_own_figures_and_nobody_else_those_of_the_team(app, cas, connecte):
    une_autre(app, cas, "Merveillis", orientee=45)
    for chemin in ("charge", "retards", "immobiles"):
        for role in ("conseiller", "maraude", "secretariat"):
            assert connecte(role).get(f"/equipe/{chemin}").status_code == 403
    mienne = connecte("maraude").get("/equipe/moi").text
    assert "Ali Merveillis" in mienne
    assert "Zinsou" not in mienne
    assert connecte("secretariat").get("/equipe/moi").status_code == 403


def test_what_is_late_is_what_each_file_says_and_leaves_once_settled(app, cas, connecte):
    tardive = une_autre(app, cas, "Merveillis", orientee=45)
    chef = connecte("chef_de_service")
    page = chef.get("/equipe/retards").text
    titre = re.search(r"Premier contact à prendre, [^<]+ de retard", page)[0]
    assert "Premier contact en retard" in page
    assert titre in chef.get(f"/dossiers/{tardive.personne}").text
    sienne = chef.get(f"/equipe/retards?de={cas.equipe.comptes['maraude']}&genre=premier_contact").text
    assert titre in sienne
    assert "Zinsou" not in sienne
    note = {"mesure_id": tardive.mesure, "date": dans(0)[:10], "moyen": "telephone"}
    tardive.faire("noter_entretien", un_id(), note)
    assert titre not in chef.get("/equipe/retards").text
    assert chef.get(f"/equipe/retards?de={un_id()}").status_code == 404


def test_what_is_late_is_judged_again_for_a_role_that_reads_less(app, cas, monkeypatch):
    """Une maraude ne lit pas tout d’un dossier : ce qu’elle en juge ne se rend pas au chef de service, ni l’inverse."""
    lus = []

    def lire_pour(session, structure_id, personnes, lecteur_id, role):
        lus.append((role, list(personnes)))
        return lire_dossiers(session, structure_id, personnes, lecteur_id, role)

    monkeypatch.setattr(retards, "lire_dossiers", lire_pour)
    with app.app_context():
        for role in ("maraude", "chef_de_service", "maraude"):
            qui = cas.equipe.comptes[role]
            retards.lire(db.session(), cas.equipe.structure_id, [cas.personne], [], qui, role, dans(0))
    assert lus == [("maraude", [cas.personne]), ("chef_de_service", [cas.personne]), ("maraude", [])]


def test_still_files_are_those_the_rule_finds_still(app, cas, connecte):
    autres = [
        une_autre(app, cas, "Fabulis", orientee=200, vue=100),
        une_autre(app, cas, "Songis", orientee=200, vue=61),
        une_autre(app, cas, "Contis", orientee=200, vue=60),
        une_autre(app, cas, "Merveillis", orientee=61),
    ]
    piece = une_autre(app, cas, "Racontis", orientee=200, role="conseiller")
    piece.faire("noter_visite", un_id(), {"mesure_id": piece.mesure, "le": dans(-10)[:10]})
    venue = une_autre(app, cas, "Chimeris", orientee=200)
    champs = {"mesure_id": venue.mesure, "debut": dans(-20), "duree": 45}
    venue.faire("proposer_rendez_vous", venue.passe, champs)
    avant = {venue.personne} | _immobiles(app, cas, 60)
    assert avant == _immobiles(app, cas, 60)
    venue.faire("constater_rendez_vous", venue.passe, {"statut": "honore"})
    for jours in (30, 60, 90, 150):
        assert _immobiles(app, cas, jours) == _d_apres_la_regle(app, cas, jours), jours
    assert _immobiles(app, cas, 60) == {autres[0].personne, autres[1].personne, autres[3].personne}
    page = connecte("chef_de_service").get("/equipe/immobiles").text
    # Le plus ancien d'abord.
    assert re.findall(r"Ali (\w+)</a>", page) == ["Fabulis", "Merveillis", "Songis"]
    assert "Ali Fabulis" not in connecte("chef_de_service").get("/equipe/immobiles?jours=120").text


def test_what_is_no_number_of_days_is_said_beside_the_field_and_kept(cas, connecte):
    chef, de = connecte("chef_de_service"), cas.equipe.comptes["conseiller"]
    for saisi in ("-4", "douze", "", "0", "1000", "²"):
        reponse = chef.get("/equipe/immobiles", query_string={"jours": saisi, "de": de})
        assert reponse.status_code == 422
        assert re.search(r'id="erreur-jours">[^\n]*Indiquez un nombre de jours, de 1 à 999\.', reponse.text)
        champ = re.search(r'<input[^>]* id="champ-jours"[^>]*>', reponse.text)[0]
        assert f'value="{saisi}"' in champ
        assert 'aria-describedby="erreur-jours"' in champ
        assert f'name="de" value="{de}"' in reponse.text
        # Aucune liste ne passe pour celle de soixante jours.
        assert "titre-immobiles" not in reponse.text
    assert chef.get("/equipe/immobiles?jours=999").status_code == 200


def _immobiles(app: Flask, cas: Cas, jours: int) -> set[str]:
    with app.app_context():
        return set(immobiles.chercher(db.session(), cas.equipe.structure_id, dans(0)[:10], jours))


def _d_apres_la_regle(app: Flask, cas: Cas, jours: int) -> set[str]:
    """Tous les dossiers de l'essai sont suivis."""
    jour, chef = dans(0)[:10], cas.equipe.comptes["chef_de_service"]
    limite = (dt.date.fromisoformat(jour) - dt.timedelta(days=jours)).isoformat()
    with app.app_context():
        session = db.session()
        personnes = [mesure.personne_id for mesure in session.query(Mesure)]
        lus = lire_dossiers(session, cas.equipe.structure_id, personnes, chef, "chef_de_service")
    return {personne for personne, dossier in lus.items() if (dernier_mouvement(dossier, jour) or "") < limite}
