"""Se connecter : ce qui s'ouvre, ce qui ne se devine pas, ce qui ralentit sans jamais fermer."""

from __future__ import annotations

import datetime as dt

import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select

from app.base import db, ecrire
from app.models import SessionWeb, Tentative, Utilisateur
from app.securite import mot_de_passe
from app.securite.session import empreinte


def _cookie(nav) -> str:
    return nav.client.get_cookie("__Host-jalon", domain="localhost").value


def test_the_session_is_a_random_token_kept_hashed(app, connecte):
    nav = connecte()
    jeton = _cookie(nav)
    with app.app_context():
        lignes = db.session.scalars(select(SessionWeb)).all()
    assert [ligne.id for ligne in lignes] == [empreinte(jeton)]
    assert jeton not in repr([vars(ligne) for ligne in lignes])
    assert len(jeton) >= 43


def test_the_cookie_is_a_secure_host_cookie(equipes, navigateur):
    nav = navigateur()
    pose = [
        c for c in nav.entrer(equipes[0].courriel("conseiller")).headers.getlist("Set-Cookie") if "__Host-jalon" in c
    ]
    assert pose
    for morceau in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert morceau in pose[0]
    assert "Domain" not in pose[0]


def test_logging_in_changes_the_session_and_forgets_the_old_one(equipes, navigateur):
    nav = navigateur()
    nav.get("/connexion")
    avant = _cookie(nav)
    nav.entrer(equipes[0].courriel("conseiller"))
    apres = _cookie(nav)
    assert avant != apres
    nav.client.set_cookie("__Host-jalon", avant, domain="localhost", secure=True)
    assert nav.get("/appareils").status_code == 303
    nav.client.set_cookie("__Host-jalon", apres, domain="localhost", secure=True)
    nav.entrer(equipes[0].courriel("conseiller"))
    nav.client.set_cookie("__Host-jalon", apres, domain="localhost", secure=True)
    assert nav.get("/appareils").status_code == 303


def test_logging_out_ends_the_session_on_the_server(app, connecte):
    nav = connecte()
    jeton = _cookie(nav)
    assert nav.post("/deconnexion").status_code == 303
    nav.client.set_cookie("__Host-jalon", jeton, domain="localhost", secure=True)
    assert nav.get("/appareils").headers["Location"].startswith("/connexion")
    with app.app_context():
        assert db.session.scalars(select(SessionWeb)).all() == []


def test_an_answer_to_a_lost_session_leaves_the_cookie_a_login_is_setting(navigateur):
    """Un échange parti avec l'ancien cookie peut répondre après la page de connexion : il n'emporte pas son jeton."""
    nav = navigateur()
    nav.client.set_cookie("__Host-jalon", "perdue" * 8, domain="localhost", secure=True)
    reponse = nav.get("/appareils")
    assert reponse.status_code == 303
    assert [c for c in reponse.headers.getlist("Set-Cookie") if "__Host-jalon" in c] == []


def test_a_disabled_account_loses_its_session_at_once(app, equipes, connecte):
    nav = connecte()
    assert nav.get("/appareils").status_code == 200
    with app.app_context(), ecrire(db.engine) as session:
        session.get(Utilisateur, (equipes[0].structure_id, equipes[0].comptes["conseiller"])).actif = False
    assert nav.get("/appareils").status_code == 303
    assert nav.get("/session/jeton").status_code == 401


def test_a_session_ends_after_inactivity_and_after_its_full_life(equipes, navigateur):
    debut = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
    with time_machine.travel(debut, tick=False) as horloge:
        nav = navigateur()
        nav.entrer(equipes[0].courriel("conseiller"))
        for _ in range(7):
            horloge.shift(dt.timedelta(hours=1, minutes=30))
            assert nav.get("/appareils").status_code == 200
        horloge.shift(dt.timedelta(hours=1, minutes=45))
        assert nav.get("/appareils").status_code == 303
        nav.entrer(equipes[0].courriel("conseiller"))
        horloge.shift(dt.timedelta(hours=2, minutes=1))
        assert nav.get("/appareils").status_code == 303


def test_unknown_account_and_wrong_password_look_the_same(equipes, navigateur):
    courriel = equipes[0].courriel("conseiller")
    connu = navigateur().entrer(courriel, "pas le bon mot")
    inconnu = navigateur().entrer("p" + courriel[1:], "pas le bon mot")
    assert connu.status_code == inconnu.status_code == 422

    def neutre(reponse, adresse):
        sans_hasard = [
            ligne for ligne in reponse.text.splitlines() if "nonce" not in ligne and "csrf_token" not in ligne
        ]
        return "\n".join(sans_hasard).replace(adresse, "")

    assert neutre(connu, courriel) == neutre(inconnu, "p" + courriel[1:])


def test_an_unknown_account_costs_the_very_same_hashing_as_a_known_one(vrai_hachage, app, equipes_hachees, monkeypatch):
    from app.views.connexion import _reconnaitre

    faits: list[str] = []

    class Temoin(PasswordHasher):
        def verify(self, hash: str, password: str) -> bool:
            faits.append(hash.split("$")[3])
            return super().verify(hash, password)

    monkeypatch.setattr(mot_de_passe, "_hacheur", Temoin(time_cost=3, memory_cost=65536, parallelism=4))
    with app.app_context():
        assert not _reconnaitre(equipes_hachees[0].courriel("conseiller"), "pas le bon mot")
        connu = faits.copy()
        faits.clear()
        assert not _reconnaitre("personne@nulle.part", "pas le bon mot")
    assert connu == faits == ["m=65536,t=3,p=4"]


def test_a_disabled_account_is_not_told_apart(app, equipes, navigateur):
    courriel = equipes[0].courriel("maraude")
    with app.app_context(), ecrire(db.engine) as session:
        session.get(Utilisateur, (equipes[0].structure_id, equipes[0].comptes["maraude"])).actif = False
    assert navigateur().entrer(courriel).status_code == 422


def test_repeated_failures_slow_down_then_let_the_owner_in(equipes, navigateur):
    courriel = equipes[0].courriel("conseiller")
    with time_machine.travel(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC), tick=False) as horloge:
        nav = navigateur()
        assert [nav.entrer(courriel, "non").status_code for _ in range(6)] == [422] * 5 + [429]
        refus = nav.entrer(courriel)
        assert refus.status_code == 429
        assert 0 < int(refus.headers["Retry-After"]) <= 10
        assert f'value="{courriel}"' in refus.text
        horloge.shift(dt.timedelta(seconds=10))
        assert nav.entrer(courriel).status_code == 303
        assert nav.client.get_cookie("__Host-jalon", domain="localhost")


def test_an_empty_field_is_said_beside_it_and_is_not_a_try(app, navigateur):
    nav = navigateur()
    for _ in range(7):
        vide = nav.entrer("", "")
    assert vide.status_code == 422
    assert "Donnez votre courriel." in vide.text
    assert "Donnez votre mot de passe." in vide.text
    with app.app_context():
        assert db.session.scalars(select(Tentative)).all() == []


def test_the_throttle_never_exceeds_fifteen_minutes(equipes, navigateur):
    courriel = equipes[0].courriel("conseiller")
    with time_machine.travel(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC), tick=False) as horloge:
        nav = navigateur()
        for _ in range(25):
            nav.entrer(courriel, "non")
            horloge.shift(dt.timedelta(minutes=16))
        assert nav.entrer(courriel).status_code == 303


def test_an_unknown_account_is_slowed_down_too(equipes, navigateur):
    nav = navigateur()
    with time_machine.travel(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC), tick=False):
        assert [nav.entrer("personne@nulle.part", "non").status_code for _ in range(6)][-1] == 429


def test_a_forged_forwarded_address_changes_nothing(app, equipes, navigateur):
    nav = navigateur()
    with time_machine.travel(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC), tick=False):
        for essai in range(31):
            jeton = nav.jeton()
            reponse = nav.client.post(
                "/connexion",
                data={"csrf_token": jeton, "courriel": f"essai{essai}@nulle.part", "mot_de_passe": "non"},
                base_url="https://localhost",
                headers={"X-Forwarded-For": f"198.51.100.{essai}", "Referer": "https://localhost/"},
            )
    assert reponse.status_code == 429
    with app.app_context():
        assert max(db.session.scalars(select(Tentative.echecs))) == 30


def test_the_throttle_table_holds_no_address_nor_account(app, equipes, navigateur):
    navigateur().entrer("quelqu-un@exemple.test", "non")
    with app.app_context():
        contenu = repr([vars(ligne) for ligne in db.session.scalars(select(Tentative))])
    assert "exemple.test" not in contenu
    assert "127.0.0.1" not in contenu


def test_login_leads_only_to_a_path_of_ours(equipes, navigateur):
    for suite in ("https://ailleurs.exemple/", "//ailleurs.exemple", "/\\ailleurs.exemple", "javascript:alert(1)"):
        reponse = navigateur().entrer(equipes[0].courriel("conseiller"), suite=suite)
        assert reponse.headers["Location"] == "/"
    reponse = navigateur().entrer(equipes[0].courriel("conseiller"), suite="/appareils")
    assert reponse.headers["Location"] == "/appareils"


def test_an_old_hash_is_renewed_at_login(vrai_hachage, app, equipes, navigateur):
    from argon2 import PasswordHasher

    cle = (equipes[0].structure_id, equipes[0].comptes["conseiller"])
    with app.app_context(), ecrire(db.engine) as session:
        session.get(Utilisateur, cle).mot_de_passe = PasswordHasher(1, 1024, 1).hash("gravier tasse nuage 42")
    assert navigateur().entrer(equipes[0].courriel("conseiller")).status_code == 303
    with app.app_context():
        assert "m=65536,t=3,p=4" in db.session.get(Utilisateur, cle).mot_de_passe


def test_one_address_in_two_structures_is_asked_which_and_never_guessed(app, equipes, navigateur):
    with app.app_context(), ecrire(db.engine) as session:
        for equipe in equipes:
            session.get_one(
                Utilisateur, (equipe.structure_id, equipe.comptes["conseiller"])
            ).courriel = "deux@exemple.test"
    nav = navigateur()
    reponse = nav.entrer("deux@exemple.test")
    assert reponse.status_code == 422
    assert "Les Bornes" in reponse.text
    assert "La Halte" in reponse.text
    assert nav.entrer("deux@exemple.test", "autre chose", structure=equipes[1].structure_id).status_code == 422
    assert nav.entrer("deux@exemple.test", structure="ailleurs").status_code == 422
    assert nav.get("/").status_code == 303
    assert nav.entrer("deux@exemple.test", structure=equipes[1].structure_id).status_code == 303
    with app.app_context():
        (ouverte,) = db.session.scalars(select(SessionWeb.structure_id).where(SessionWeb.utilisateur_id.is_not(None)))
    assert ouverte == equipes[1].structure_id
