"""Les comptes : en ouvrir, donner un lien qui sert une fois, changer son mot de passe."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from sqlalchemy import select

from app.base import db, ecrire
from app.models import EvenementCompte, LienMotDePasse, SessionWeb, Utilisateur
from app.securite import frein
from app.securite.permissions import ROLES, peut
from tests.views.conftest import MOT_DE_PASSE

NEUF = "théière bleue et quinze cailloux"
SAISIE = {"prenom": "Awa", "nom": "Nouvelle-Fictive", "courriel": "Awa@Exemple.fr", "role": "conseiller"}


def lien_montre(reponse) -> str:
    trouve = re.search(r'value="https://localhost(/bienvenue/[^"]+)"', reponse.text)
    assert trouve, reponse.text
    return trouve.group(1)


def journal(app) -> list[tuple[str, str, str | None]]:
    with app.app_context():
        lignes = db.session.scalars(select(EvenementCompte).order_by(EvenementCompte.id)).all()
        return [(ligne.genre, ligne.utilisateur_id, ligne.auteur_id) for ligne in lignes]


def sessions(app, equipe, role: str) -> int:
    with app.app_context():
        return len(
            db.session.scalars(select(SessionWeb).where(SessionWeb.utilisateur_id == equipe.comptes[role])).all()
        )


def ouvrir_un_compte(connecte) -> str:
    reponse = connecte("administrateur").post("/administration/utilisateurs", SAISIE)
    assert reponse.status_code == 200
    return lien_montre(reponse)


def test_a_new_account_chooses_its_password_by_the_link_and_enters(app, equipes, connecte, navigateur):
    lien = ouvrir_un_compte(connecte)
    nav = navigateur()
    assert "Bienvenue, Awa" in nav.get(lien).text
    reponse = nav.post(lien, {"nouveau": NEUF, "encore": NEUF})
    assert (reponse.status_code, reponse.headers["Location"]) == (303, "/")
    assert nav.get("/").status_code == 200
    assert navigateur().entrer("awa@exemple.fr", NEUF).status_code == 303
    admin, (awa,) = equipes[0].comptes["administrateur"], {ligne[1] for ligne in journal(app)}
    assert journal(app) == [
        ("compte_cree", awa, admin),
        ("lien_donne", awa, admin),
        ("mot_de_passe_choisi", awa, awa),
    ]


def test_a_link_works_once_and_reading_it_does_not_spend_it(app, connecte, navigateur):
    lien = ouvrir_un_compte(connecte)
    for _ in range(8):
        assert navigateur().get(lien).status_code == 200
    assert navigateur().post(lien, {"nouveau": NEUF, "encore": NEUF}).status_code == 303
    assert navigateur().get(lien).status_code == 404
    encore = navigateur().post(lien, {"nouveau": NEUF + " !", "encore": NEUF + " !"})
    assert encore.status_code == 404
    assert "Ce lien ne sert plus" in encore.text
    assert navigateur().entrer("awa@exemple.fr", NEUF).status_code == 303


def test_a_link_lives_a_day_and_the_next_one_replaces_it(app, equipes, connecte, navigateur):
    debut = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
    with time_machine.travel(debut, tick=False) as horloge:
        premier = ouvrir_un_compte(connecte)
        with app.app_context():
            awa = db.session.scalar(select(Utilisateur.id).where(Utilisateur.courriel == "awa@exemple.fr"))
        second = lien_montre(connecte("administrateur").post(f"/administration/utilisateurs/{awa}/lien"))
        assert navigateur().get(premier).status_code == 404
        horloge.shift(dt.timedelta(hours=23, minutes=59))
        assert navigateur().get(second).status_code == 200
        horloge.shift(dt.timedelta(minutes=1))
        assert navigateur().get(second).status_code == 404
        assert navigateur().post(second, {"nouveau": NEUF, "encore": NEUF}).status_code == 404


def test_the_base_keeps_only_the_print_of_a_link(app, connecte):
    jeton = ouvrir_un_compte(connecte).rsplit("/", 1)[-1]
    assert len(jeton) >= 43
    with app.app_context():
        (garde,) = db.session.scalars(select(LienMotDePasse)).all()
        assert jeton not in repr(vars(garde))
        assert jeton not in repr([vars(s) for s in db.session.scalars(select(SessionWeb))])


def test_a_reset_link_closes_every_session_of_the_account(app, equipes, connecte, navigateur):
    ouvert = connecte("conseiller")
    cible = equipes[0].comptes["conseiller"]
    lien = lien_montre(connecte("administrateur").post(f"/administration/utilisateurs/{cible}/lien"))
    # Le donner ne coupe rien : l'ancien mot de passe sert jusqu'à ce qu'il soit remplacé.
    assert ouvert.get("/appareils").status_code == 200
    assert navigateur().post(lien, {"nouveau": NEUF, "encore": NEUF}).status_code == 303
    assert ouvert.get("/appareils").status_code == 303
    assert navigateur().entrer(equipes[0].courriel("conseiller")).status_code == 422


def test_a_closed_account_is_not_reopened_by_its_link(app, connecte, navigateur, equipes):
    cible = equipes[0].comptes["conseiller"]
    admin = connecte("administrateur")
    lien = lien_montre(admin.post(f"/administration/utilisateurs/{cible}/lien"))
    admin.post(f"/administration/utilisateurs/{cible}/desactiver")
    assert navigateur().get(lien).status_code == 404
    assert navigateur().post(lien, {"nouveau": NEUF, "encore": NEUF}).status_code == 404
    assert admin.post(f"/administration/utilisateurs/{cible}/lien").status_code == 404


def test_the_administrator_gives_no_link_to_himself(equipes, connecte):
    soi = equipes[0].comptes["administrateur"]
    assert connecte("administrateur").post(f"/administration/utilisateurs/{soi}/lien").status_code == 404


def test_unknown_links_are_slowed_down_by_address(navigateur):
    nav = navigateur()
    statuts = [nav.get(f"/bienvenue/au-hasard-{rang}").status_code for rang in range(frein.ADRESSE.libres + 2)]
    assert statuts[0] == 404
    assert statuts[-1] == 429


@pytest.mark.parametrize(
    ("change", "champ", "dit"),
    [
        ({"prenom": " "}, "prenom", "Écrivez son prénom."),
        ({"nom": "x" * 121}, "nom", "120 signes au plus"),
        ({"courriel": "awa"}, "courriel", "Ce courriel n’est pas complet"),
        ({"role": "directeur"}, "role", "Choisissez ce que cette personne fera."),
    ],
)
def test_a_wrong_account_form_says_where_and_keeps_what_was_typed(connecte, change, champ, dit):
    reponse = connecte("administrateur").post("/administration/utilisateurs", SAISIE | change)
    assert reponse.status_code == 422
    assert f'href="#champ-{champ}"' in reponse.text
    assert f'id="erreur-{champ}"' in reponse.text
    assert dit in reponse.text
    for nom, valeur in (SAISIE | change).items():
        if nom in {"prenom", "nom", "courriel"}:
            assert f'value="{valeur.strip().lower() if nom == "courriel" else valeur.strip()}"' in reponse.text


def test_two_accounts_of_a_structure_never_share_an_address(app, equipes, connecte):
    ouvrir_un_compte(connecte)
    avant = journal(app)
    reponse = connecte("administrateur").post("/administration/utilisateurs", SAISIE | {"courriel": " AWA@exemple.FR"})
    assert reponse.status_code == 422
    assert "Un compte a déjà ce courriel." in reponse.text
    assert journal(app) == avant
    # Une autre structure, elle, peut employer la même personne.
    assert connecte("administrateur", 1).post("/administration/utilisateurs", SAISIE).status_code == 200


def test_changing_ones_password_keeps_this_session_and_closes_the_others(app, equipes, connecte, navigateur):
    ici, ailleurs = connecte("conseiller"), connecte("conseiller")
    reponse = ici.post("/compte/mot-de-passe", {"actuel": MOT_DE_PASSE, "nouveau": NEUF, "encore": NEUF})
    assert (reponse.status_code, reponse.headers["Location"]) == (303, "/appareils")
    assert "Mot de passe changé." in ici.get("/appareils").text
    assert ailleurs.get("/appareils").status_code == 303
    assert sessions(app, equipes[0], "conseiller") == 1
    assert navigateur().entrer(equipes[0].courriel("conseiller")).status_code == 422
    assert navigateur().entrer(equipes[0].courriel("conseiller"), NEUF).status_code == 303
    soi = equipes[0].comptes["conseiller"]
    assert journal(app) == [("mot_de_passe_change", soi, soi)]


@pytest.mark.parametrize(
    ("champs", "champ", "dit"),
    [
        ({"actuel": ""}, "actuel", "Tapez d’abord votre mot de passe actuel."),
        ({"actuel": "pas le bon mot"}, "actuel", "Ce n’est pas votre mot de passe actuel."),
        ({"nouveau": "court", "encore": "court"}, "nouveau", "au moins 12 signes"),
        ({"nouveau": "azertyuiop123456", "encore": "azertyuiop123456"}, "nouveau", "trop facile à deviner"),
        ({"nouveau": MOT_DE_PASSE, "encore": MOT_DE_PASSE}, "nouveau", "C’est déjà votre mot de passe"),
        ({"encore": NEUF + "s"}, "encore", "Les deux mots de passe sont différents."),
    ],
)
def test_a_password_that_will_not_do_says_why_and_changes_nothing(app, equipes, connecte, champs, champ, dit):
    nav = connecte("conseiller")
    reponse = nav.post("/compte/mot-de-passe", {"actuel": MOT_DE_PASSE, "nouveau": NEUF, "encore": NEUF} | champs)
    assert reponse.status_code == 422
    assert f'id="erreur-{champ}"' in reponse.text
    assert dit in reponse.text
    assert NEUF not in reponse.text
    assert nav.get("/appareils").status_code == 200
    assert connecte("conseiller").get("/appareils").status_code == 200
    assert journal(app) == []


def test_guessing_the_current_password_is_slowed_down_with_the_time_left(connecte):
    nav = connecte("conseiller")
    for _ in range(frein.COMPTE.libres):
        reponse = nav.post("/compte/mot-de-passe", {"actuel": "pas le bon", "nouveau": NEUF, "encore": NEUF})
        assert reponse.status_code == 422
    freine = nav.post("/compte/mot-de-passe", {"actuel": MOT_DE_PASSE, "nouveau": NEUF, "encore": NEUF})
    assert freine.status_code == 429
    assert int(freine.headers["Retry-After"]) > 0
    assert re.search(r"Attendez \d+ secondes? avant de recommencer", freine.text)


def test_every_role_changes_its_own_password_and_only_the_administrator_opens_accounts(connecte):
    for role in ROLES:
        assert connecte(role).get("/compte/mot-de-passe").status_code == 200
        attendu = 200 if peut(role, "administration") else 403
        assert connecte(role).get("/administration/utilisateurs/nouveau").status_code == attendu


def test_closing_and_reopening_an_account_is_in_the_journal_the_page_shows(app, equipes, connecte):
    admin, cible = connecte("administrateur"), equipes[0].comptes["conseiller"]
    admin.post(f"/administration/utilisateurs/{cible}/desactiver")
    admin.post(f"/administration/utilisateurs/{cible}/reactiver")
    page = admin.get("/administration").text
    assert "compte fermé" in page
    assert "compte rouvert" in page
    assert [genre for genre, _, _ in journal(app)] == ["compte_ferme", "compte_rouvert"]


def test_a_journal_stays_in_its_structure(app, equipes, connecte):
    with app.app_context(), ecrire(db.engine) as session:
        autre = session.get(Utilisateur, (equipes[1].structure_id, equipes[1].comptes["conseiller"]))
        autre.nom = "Kaboré-Ailleurs"
    connecte("administrateur", 1).post(f"/administration/utilisateurs/{equipes[1].comptes['conseiller']}/desactiver")
    assert "Ailleurs" not in connecte("administrateur").get("/administration").text


def test_closing_an_account_ends_its_sessions_and_nobody_closes_their_own(equipes, connecte):
    conseillere, admin = connecte(), connecte("administrateur")
    chemin = "/administration/utilisateurs/{}/{}"
    assert admin.post(chemin.format(equipes[0].comptes["conseiller"], "desactiver")).status_code == 303
    assert conseillere.get("/").status_code == 303
    assert admin.post(chemin.format(equipes[0].comptes["conseiller"], "reactiver")).status_code == 303
    assert connecte().get("/").status_code == 200
    assert admin.post(chemin.format(equipes[0].comptes["administrateur"], "desactiver")).status_code == 404
