"""L'agenda que lit un autre calendrier : des heures, des lieux, et rien de qui est reçu."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from icalendar import Calendar

from app.base import db
from app.domain.dates import ajouter_jours, jour_de_semaine
from app.domain.jours_ouvres import ouvre_au_plus_tot
from app.models import EvenementCompte, Lieu
from tests.bases import ecrire
from tests.jours import dans_jours
from tests.views.faits import dans, un_cas, un_id

LIEU = "CMS Toul"


@pytest.fixture
def cas(app, equipes):
    cas = un_cas(app, equipes[0])
    cas.lieu = un_id()
    with app.app_context(), ecrire(db.engine) as session:
        session.add(Lieu(structure_id=cas.equipe.structure_id, id=cas.lieu, nom=LIEU))
    return cas


def _ouvrir(nav) -> str:
    trouve = re.search(r'value="https://localhost(/agenda/[^"]+\.ics)"', nav.post("/agenda", {"ouvrir": "1"}).text)
    assert trouve
    return trouve[1]


def _evenements(nav, adresse: str) -> list[tuple[str, dt.datetime, str | None]]:
    reponse = nav.get(adresse)
    assert (reponse.status_code, reponse.mimetype, reponse.headers["Cache-Control"]) == (
        200,
        "text/calendar",
        "no-store",
    )
    return [
        (str(e["summary"]), e.start, str(e["location"]) if "location" in e else None)
        for e in Calendar.from_ical(reponse.text).events
    ]


def test_another_calendar_reads_hours_and_places_and_nobody_s_name(cas, connecte, navigateur):
    debut, chez_elle = dans(3, 8), dans(4, 9)
    for quand, ou in ((debut, LIEU), (chez_elle, "12 rue Inventée")):
        cas.faire("proposer_rendez_vous", un_id(), {"mesure_id": cas.mesure, "debut": quand, "duree": 45, "lieu": ou})
    adresse = _ouvrir(connecte("conseiller"))
    lus = _evenements(navigateur(), adresse)
    assert ("Rendez-vous", dt.datetime.fromisoformat(debut), LIEU) in lus
    # Une adresse écrite à la main peut être un domicile.
    assert ("Rendez-vous", dt.datetime.fromisoformat(chez_elle), None) in lus
    texte = navigateur().get(adresse).text
    assert not [mot for mot in ("Zinsou", "Fictive", "rue Inventée", cas.personne, cas.mesure) if mot in texte]


def test_a_place_that_lists_keep_quiet_is_not_said(cas, connecte, navigateur):
    cas.faire("proposer_rendez_vous", un_id(), {"mesure_id": cas.mesure, "debut": dans(3), "duree": 45, "lieu": LIEU})
    connecte("chef_de_service").post("/equipe/lieux-masques", {"id": un_id(), "nom": "Toul"})
    adresse = _ouvrir(connecte("conseiller"))
    assert LIEU not in navigateur().get(adresse).text
    assert _evenements(navigateur(), adresse)


def test_a_permanence_comes_at_paris_time_week_after_week(cas, connecte, navigateur):
    nav, jour = connecte("conseiller"), ouvre_au_plus_tot(dans_jours(3))
    champs = {"id": un_id(), "lieu": cas.lieu, "jour": str(jour_de_semaine(jour)), "semaines": "1", "de": "09:00"}
    champs |= {"a": "12:00", "pas": "45", "du": jour, "au": ajouter_jours(jour, 6)}
    assert nav.post("/permanences/nouvelle", champs).status_code == 303
    (tenue,) = [e for e in _evenements(navigateur(), _ouvrir(nav)) if e[0] == "Permanence"]
    assert tenue[1].astimezone(dt.timezone(dt.timedelta(hours=1))).date().isoformat() == jour
    assert tenue[2] == LIEU


def test_an_address_replaced_or_closed_answers_nothing(cas, connecte, navigateur, app):
    nav = connecte("conseiller")
    premiere = _ouvrir(nav)
    seconde = _ouvrir(nav)
    assert navigateur().get(premiere).status_code == 404
    assert navigateur().get(seconde).status_code == 200
    # L'adresse ne se remontre pas, et ne change rien sans qu'on le demande.
    assert "/agenda/" + seconde.split("/")[-1] not in nav.get("/agenda").text
    nav.post("/agenda/fermer", {})
    assert navigateur().get(seconde).status_code == 200
    nav.post("/agenda/fermer", {"fermer": "1"})
    assert navigateur().get(seconde).status_code == 404
    with app.app_context():
        genres = [
            e.genre for e in db.session.query(EvenementCompte).order_by(EvenementCompte.id) if "agenda" in e.genre
        ]
    assert genres == ["agenda_ouvert", "agenda_ouvert", "agenda_ferme"]


def test_a_closed_account_closes_its_address_for_good(cas, connecte, navigateur):
    adresse, admin = _ouvrir(connecte("conseiller")), connecte("administrateur")
    identifiant = cas.equipe.comptes["conseiller"]
    assert admin.post(f"/administration/utilisateurs/{identifiant}/desactiver", {}).status_code == 303
    assert navigateur().get(adresse).status_code == 404
    assert admin.post(f"/administration/utilisateurs/{identifiant}/reactiver", {}).status_code == 303
    assert navigateur().get(adresse).status_code == 404


def test_another_s_cases_never_enter_it(cas, connecte, navigateur):
    cas.faire("proposer_rendez_vous", un_id(), {"mesure_id": cas.mesure, "debut": dans(3), "duree": 45, "lieu": LIEU})
    assert not _evenements(navigateur(), _ouvrir(connecte("maraude")))
    assert not _evenements(navigateur(), _ouvrir(connecte("conseiller", structure=1)))


def test_a_lent_case_enters_it_and_a_binome_s_does_not(cas, connecte, navigateur):
    adresse, collegue = _ouvrir(connecte("maraude")), {"utilisateur": cas.equipe.comptes["maraude"]}
    cas.faire("proposer_rendez_vous", un_id(), {"mesure_id": cas.mesure, "debut": dans(3), "duree": 45, "lieu": LIEU})
    cas.faire("partager_dossier", un_id(), collegue | {"motif": "binome"})
    assert not _evenements(navigateur(), adresse)
    pret = collegue | {"motif": "remplacement", "du": dans(-1)[:10], "jusqu_au": dans(5)[:10]}
    cas.faire("partager_dossier", un_id(), pret)
    assert _evenements(navigateur(), adresse)


def test_a_session_left_open_asks_for_the_password_first(cas, connecte, app):
    nav = connecte("conseiller")
    app.config["SORTIE_FRAICHEUR"] = dt.timedelta(0)
    reponse = nav.post("/agenda", {"ouvrir": "1"})
    assert reponse.headers["Location"].startswith("/compte/confirmer")
