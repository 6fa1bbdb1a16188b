"""Anomalies : la liste règle par règle, ce qu'elle propose, et ce qu'une fiche reçue en dit."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.base import db, ecrire
from app.domain.anomalies import REGLES, anomalies
from app.domain.dates import instant, jour_paris
from app.models import Entretien, Mesure, MesureReferent, Personne, Piece
from app.supervision.anomalies import chercher
from sync.fiches import lire_dossiers
from tests.views.faits import Cas, dans, un_cas, un_id


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


@pytest.fixture
def faux(app: Flask, cas: Cas) -> Cas:
    """Un dossier où chaque règle a quelque chose à dire : ses fiches telles qu'un import peut les laisser."""
    jour = dt.date.fromisoformat(dans(0)[:10])
    autre, seule, close = un_id(), un_id(), un_id()
    cas.faire("ouvrir_mesure", autre, {"convention": "DSP-TDL", "orientee_le": dans(-30)[:10]})
    cas.faire("ouvrir_mesure", seule, {"convention": "DSP-TDL", "orientee_le": dans(-20)[:10]})
    cas.faire("ouvrir_mesure", close, {"convention": "DSP-TDL", "orientee_le": dans(-90)[:10]})
    contrat = {"type": "contrat_insertion", "sorte": "premier", "debut": dans(-20)[:10], "fin": dans(90)[:10]}
    cas.faire("noter_contrat", un_id(), {"mesure_id": cas.mesure, **contrat})
    signe = {"signe_personne_le": dans(-20)[:10], "signe_referent_le": dans(-20)[:10]}
    cas.faire("noter_contrat", un_id(), {"mesure_id": cas.mesure, **contrat, **signe})
    cas.faire("noter_suspension", un_id(), {"mesure_id": cas.mesure, "du": dans(-5)[:10], "motif": "sante"})
    tot = {"mesure_id": close, "debut": dans(-100), "duree": 45}
    cas.faire("proposer_rendez_vous", un_id(), tot)
    venue = un_id()
    cas.faire("proposer_rendez_vous", venue, tot)
    cas.faire("constater_rendez_vous", venue, {"statut": "honore"})
    cas.faire("proposer_rendez_vous", un_id(), tot | {"debut": dans(12)})
    cas.faire("noter_entretien", un_id(), {"mesure_id": cas.mesure, "date": dans(-70)[:10], "moyen": "telephone"})
    tard = un_id()
    cas.faire("noter_entretien", tard, {"mesure_id": cas.mesure, "date": dans(0)[:10], "moyen": "telephone"})
    with app.app_context(), ecrire(db.engine) as session:
        structure = cas.equipe.structure_id
        session.get_one(Entretien, (structure, tard)).date = jour + dt.timedelta(days=9)
        fermee = session.get_one(Mesure, (structure, close))
        fermee.sortie_le, fermee.entree_le = jour - dt.timedelta(days=40), jour - dt.timedelta(days=35)
        ouverte = session.get_one(Mesure, (structure, cas.mesure))
        ouverte.premier_contact_le = ouverte.orientee_le - dt.timedelta(days=1)
        ouverte.entree_le = jour + dt.timedelta(days=3)
        session.query(MesureReferent).filter_by(structure_id=structure, mesure_id=seule).delete()
        suspension = session.query(Piece).filter_by(structure_id=structure, forme="suspension").one()
        suspension.valeurs = suspension.valeurs | {"au": dans(-9)[:10]}
        session.get_one(Personne, (structure, cas.personne)).date_naissance = dt.date(2020, 1, 1)
    return cas


@pytest.fixture
def seules(app: Flask, cas: Cas) -> list[str]:
    """Des dossiers qui n'ont qu'une anomalie chacun : aucune autre ne les fait choisir."""
    premiere, personnes = cas.personne, []
    for mesures in (1, 2):
        cas.personne = un_id()
        creee = {"nom": "Merveillis", "prenom": "Ali", "date_naissance": "1990-05-02", "date_effet": dans(-9)[:10]}
        cas.faire("creer_personne", cas.personne, creee)
        for _ in range(mesures):
            cas.faire("ouvrir_mesure", un_id(), {"convention": "DSP-TDL", "orientee_le": dans(-9)[:10]})
        personnes.append(cas.personne)
    cas.personne = premiere
    with app.app_context(), ecrire(db.engine) as session:
        (mesure,) = session.query(Mesure).filter_by(personne_id=personnes[0])
        session.query(MesureReferent).filter_by(mesure_id=mesure.id).delete()
    return personnes


def signalees(app: Flask, cas: Cas) -> set[tuple[str, str, str]]:
    with app.app_context():
        jour = jour_paris(instant(cas.acteur().maintenant))
        trouvees = chercher(db.session(), cas.equipe.structure_id, jour, "chef_de_service")
        return {(code, s.fiche_id, s.anomalie.phrase) for code, siennes in trouvees.items() for s in siennes}


def dites(app: Flask, cas: Cas) -> set[tuple[str, str, str]]:
    """Ce que disent les règles du dossier entier, moins ce qui ne se dit que d'une fiche à relire."""
    jour = jour_paris(instant(cas.acteur().maintenant))
    with app.app_context():
        chef = cas.equipe.comptes["chef_de_service"]
        personnes = db.session.scalars(
            select(Personne.id).where(Personne.structure_id == cas.equipe.structure_id)
        ).all()
        dossiers = lire_dossiers(db.session(), cas.equipe.structure_id, personnes, chef, "chef_de_service")
    trouvees = set()
    for dossier in dossiers.values():
        a_relire = {c["fiche_id"] for c in dossier["controles"] if c["etat"] != "validee"}
        fiches = [
            dossier["personne"],
            *(f for n in ("mesures", "rendez_vous", "entretiens", "pieces") for f in dossier[n]),
        ]
        for fiche in fiches:
            for trouvee in anomalies(fiche, dossier, jour):
                if not REGLES[trouvee.code].a_relire or fiche["id"] in a_relire:
                    trouvees.add((trouvee.code, fiche["id"], trouvee.phrase))
    return trouvees


def test_the_list_finds_what_the_rules_say_of_the_whole_files(app, faux, seules, connecte):
    attendues = dites(app, faux)
    assert [code for code, _, _ in attendues].count("sans_referent") == 2
    assert [code for code, _, _ in attendues].count("deux_mesures") > 1
    assert {code for code, _, _ in attendues} == set(REGLES)
    assert signalees(app, faux) == attendues
    # Relues et validées, certaines se taisent ; une sortie sans motif, jamais.
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/fiches").text
    chef.post(
        "/supervision/fiches/valider",
        {"fiche": re.findall(r'type="checkbox" name="fiche" value="([^"]+)"', page)},
    )
    restantes = signalees(app, faux)
    assert restantes == dites(app, faux)
    codes = {code for code, _, _ in restantes}
    assert codes == {code for code, regle in REGLES.items() if not regle.a_relire}


def test_each_line_says_who_what_and_leads_to_what_settles_it(faux, connecte):
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/anomalies").text
    assert "Sortie sans motif" in page
    assert "Awa Zinsou-Fictive" in page
    assert "Camille Fictive-cons" in page
    lien = re.search(r'href="(/dossiers/[^"]+/sortie)">Dire le motif de la sortie', page)
    assert chef.get(lien[1]).status_code == 200
    for code, regle in REGLES.items():
        page = chef.get(f"/supervision/anomalies?regle={code}").text
        assert regle.titre in page
        assert regle.geste in page


def test_a_clean_structure_has_nothing_to_show(app, equipes, connecte):
    assert "Aucune anomalie" in connecte("chef_de_service").get("/supervision/anomalies").text


def test_the_secretariat_reads_the_list_and_is_offered_only_what_it_may_open(faux, connecte):
    page = connecte("secretariat").get("/supervision/anomalies?regle=entretien_a_venir").text
    assert "Corriger la date de l’entretien" in page
    assert "/entretiens/" not in page
    assert "/mesures/" in connecte("secretariat").get("/supervision/anomalies?regle=avant_orientation").text
    assert connecte("conseiller").get("/supervision/anomalies").status_code == 403
    ailleurs = connecte("chef_de_service", 1).get("/supervision/anomalies").text
    assert "Aucune anomalie" in ailleurs


def test_the_secretariat_is_told_of_no_piece_it_cannot_read(app, cas, connecte):
    """Une étape mal datée dirait qu'il y en a une ; une suspension, elle, se lit."""
    etape = {"nature": "cdd", "debut": dans(-5)[:10]}
    cas.faire("noter_etape", un_id(), {"mesure_id": cas.mesure, **etape})
    with app.app_context(), ecrire(db.engine) as session:
        notee = session.query(Piece).filter_by(forme="etape").one()
        notee.valeurs = notee.valeurs | {"fin": dans(-9)[:10]}
    adresse = "/supervision/anomalies?regle=fin_avant_debut"
    assert "la fin vient avant le début" in connecte("chef_de_service").get(adresse).text
    secretariat = connecte("secretariat").get(adresse).text
    assert "la fin vient avant le début" not in secretariat
    assert "Zinsou" not in secretariat
    cas.faire("noter_suspension", un_id(), {"mesure_id": cas.mesure, "du": dans(-5)[:10], "motif": "sante"})
    with app.app_context(), ecrire(db.engine) as session:
        suspension = session.query(Piece).filter_by(forme="suspension").one()
        suspension.valeurs = suspension.valeurs | {"au": dans(-9)[:10]}
    assert "la fin vient avant le début" in connecte("secretariat").get(adresse).text


def test_a_received_fiche_says_its_own_anomaly_and_what_settles_it(faux, connecte):
    page = connecte("chef_de_service").get("/supervision/fiches").text
    assert re.search(r"Contrat commencé le [^<]+ n’ont pas signé\. <a href=\"/pieces/[^\"]+/modifier\">", page)
    assert "à vérifier" in page
    secretariat = connecte("secretariat").get("/supervision/fiches").text
    assert "n’ont pas signé" in secretariat
    assert "/modifier" not in secretariat
