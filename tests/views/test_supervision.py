"""Fiches reçues : ce que le chef lit, valide, retourne."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.base import db, ecrire
from app.domain.convention import charger
from app.models import Appareil, Convention, Operation
from app.supervision import fiches_recues
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation
from tests.views.faits import dans, un_cas, un_id


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def coches(page: str, fiche_id: str | None = None) -> list[str]:
    return re.findall(r'type="checkbox" name="fiche" value="([^"]+)"', page)


def controle_de(cas, fiche_id: str) -> dict:
    return next(c for c in cas.dossier()["controles"] if c["fiche_id"] == fiche_id)


def test_what_arrived_is_grouped_and_says_what_is_missing(cas, connecte):
    page = connecte("chef_de_service").get("/supervision/fiches").text
    assert "Camille Fictive-cons" in page
    assert "Entretien téléphonique" in page
    assert "manque\u202f: durée" in page
    assert len(coches(page)) == 3


@pytest.mark.parametrize("moyen", ["sms", "courriel"])
def test_a_written_message_needs_no_duration(cas, connecte, moyen):
    cas.faire("modifier_entretien", cas.entretien, {"moyen": moyen})
    assert "manque\u202f: durée" not in connecte("chef_de_service").get("/supervision/fiches").text


def test_an_hour_is_never_cut_from_its_h(cas, connecte):
    page = connecte("chef_de_service").get("/supervision/fiches").text
    assert re.search(r"à \d+\u00a0h", page)
    assert not re.search(r"à \d+ h", page)


def test_a_convention_is_called_as_on_the_phone(cas, connecte):
    page = connecte("chef_de_service").get("/supervision/fiches").text
    court = next(c for c in charger() if c.code == "DSP-TDL").valeur("libelle_court")
    assert court in page
    assert "DSP-TDL" not in page


@pytest.mark.parametrize("page", ["/supervision/fiches", "/conventions"])
def test_a_convention_goes_by_the_name_the_structure_gives_it(app, cas, connecte, page):
    with app.app_context(), ecrire(db.engine) as session:
        convention = session.scalars(select(Convention)).one()
        usage = {"regle": "libelle_court", "effet": convention.debut.isoformat(), "valeur": "Relais de Toul"}
        convention.donnees = convention.donnees | {"ajustements": [usage | {"raison": "L’usage"}]}
    assert "Relais de Toul" in connecte("chef_de_service").get(page).text


def test_several_are_validated_at_once_and_a_second_send_changes_nothing(cas, connecte):
    chef = connecte("chef_de_service")
    choisies = coches(chef.get("/supervision/fiches").text)
    for _ in range(2):
        assert chef.post("/supervision/fiches/valider", {"fiche": choisies}).status_code == 303
    assert {c["etat"] for c in cas.dossier()["controles"]} == {"validee"}
    assert "Rien à contrôler ici" in chef.get("/supervision/fiches").text
    assert "Entretien téléphonique" in chef.get("/supervision/fiches?filtre=validees").text


def test_a_validation_is_undone_from_its_message_or_from_the_list(cas, connecte):
    chef = connecte("chef_de_service")
    choisies = coches(chef.get("/supervision/fiches").text)
    chef.post("/supervision/fiches/valider", {"fiche": choisies[:1]})
    page = chef.get("/supervision/fiches").text
    (annulee,) = re.findall(
        r'<input type="hidden" name="fiche" value="([^"]+)">\s*<input type="hidden" name="retour"', page
    )
    assert chef.post("/supervision/fiches/remettre", {"fiche": annulee}).status_code == 303
    assert "Fiche remise à contrôler." in chef.get("/supervision/fiches").text
    assert {c["etat"] for c in cas.dossier()["controles"]} == {"recue"}

    chef.post("/supervision/fiches/valider", {"fiche": coches(chef.get("/supervision/fiches").text)})
    listees = re.findall(r'name="fiche" value="([^"]+)">Remettre', chef.get("/supervision/fiches?filtre=validees").text)
    chef.post("/supervision/fiches/remettre", {"fiche": listees[0]})
    assert [c["etat"] for c in cas.dossier()["controles"]].count("recue") == 1


def test_a_returned_fiche_shows_its_remark_and_an_edit_reopens_it(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/fiches").text
    (choisie,) = [c for c in coches(page) if _porte_sur(c, cas, cas.entretien)]
    retour = chef.post("/supervision/fiches/retourner", {"fiche": choisie, "remarque": "Précisez la durée."})
    assert retour.status_code == 303
    assert "Précisez la durée." in connecte().get(f"/dossiers/{cas.personne}").text
    assert "Précisez la durée." in connecte().get("/").text
    cas.faire("modifier_entretien", cas.entretien, {"duree": 30})
    assert controle_de(cas, cas.entretien)["etat"] == "recue"


def _porte_sur(coche: str, cas, fiche_id: str) -> bool:
    return coche.split(".")[0] == controle_de(cas, fiche_id)["id"]


def test_a_return_without_a_remark_is_asked_again_beside_its_field(cas, connecte):
    chef = connecte("chef_de_service")
    choisie = coches(chef.get("/supervision/fiches").text)[0]
    reponse = chef.post("/supervision/fiches/retourner", {"fiche": choisie, "remarque": "  "})
    assert reponse.status_code == 422
    # L'erreur au-dessus du champ, où va le regard : dessous, la barre du bas la couvrirait.
    assert re.search(r"Écrivez ce qu’il faut corriger\.</p>\s*<textarea[^>]* autofocus", reponse.text)
    assert choisie in reponse.text


def test_several_are_returned_with_one_remark_and_each_phone_file_shows_it(app, cas, connecte):
    chef = connecte("chef_de_service")
    choisies = coches(chef.get("/supervision/fiches").text)
    champs = {"fiche": choisies, "lot": "oui", "remarque": "Précisez le lieu."}
    for _ in range(2):
        assert chef.post("/supervision/fiches/retourner", champs).status_code == 303
        # Renvoyée, la demande est la même : rien de plus n’est écrit.
        assert "3 fiches retournées" in chef.get("/supervision/fiches").text
    with app.app_context():
        assert len(db.session.scalars(select(Operation.id).where(Operation.genre == "retourner_fiche")).all()) == 3
    assert {(c["etat"], c["remarque"]) for c in cas.dossier()["controles"]} == {("retournee", "Précisez le lieu.")}
    assert connecte().get("/").text.count("Précisez le lieu.") == 3


def test_one_that_changed_is_left_out_of_the_lot_and_said(cas, connecte):
    chef = connecte("chef_de_service")
    choisies = coches(chef.get("/supervision/fiches").text)
    cas.faire("modifier_entretien", cas.entretien, {"synthese": "Tout autre chose."})
    chef.post("/supervision/fiches/retourner", {"fiche": choisies, "lot": "oui", "remarque": "Précisez."})
    page = chef.get("/supervision/fiches").text
    assert "2 fiches retournées" in page
    assert "Une a changé depuis que vous l’avez lue" in page
    assert controle_de(cas, cas.entretien)["etat"] == "recue"


def test_a_lot_without_a_remark_comes_back_with_the_same_fiches_checked(cas, connecte):
    chef = connecte("chef_de_service")
    choisies = coches(chef.get("/supervision/fiches").text)[:2]
    reponse = chef.post("/supervision/fiches/retourner", {"fiche": choisies, "lot": "oui", "remarque": " "})
    assert reponse.status_code == 422
    assert reponse.text.count('form="validation" checked') == 2
    assert re.search(
        r"<details class=\"pli\" open>.*Écrivez ce qu’il faut corriger\.</p>\s*<textarea", reponse.text, re.S
    )
    assert chef.post("/supervision/fiches/retourner", {"lot": "oui", "remarque": "Précisez."}).status_code == 422
    assert {c["etat"] for c in cas.dossier()["controles"]} == {"recue"}


def test_nothing_checked_is_asked_again_on_the_list_it_came_from(cas, connecte):
    chef = connecte("chef_de_service")
    retour = f"/supervision/fiches?filtre=incompletes&par={cas.equipe.comptes['conseiller']}"
    reponse = chef.post("/supervision/fiches/valider", {"retour": retour})
    assert reponse.status_code == 422
    assert "Cochez au moins une fiche." in reponse.text
    cases = re.findall(r'<input type="checkbox" name="fiche"[^>]*>', reponse.text)
    assert cases
    assert all('aria-invalid="true" aria-describedby="rien-de-coche"' in case for case in cases)
    assert re.search(r'filtre=incompletes[^"]*" aria-current="page"', reponse.text)
    assert f'name="retour" value="{retour.replace("&", "&amp;")}"' in reponse.text


def test_a_fiche_changed_since_it_was_read_is_not_validated_unseen(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/fiches").text
    (choisie,) = [c for c in coches(page) if _porte_sur(c, cas, cas.entretien)]
    cas.faire("modifier_entretien", cas.entretien, {"synthese": "Tout autre chose."})
    assert chef.post("/supervision/fiches/valider", {"fiche": [choisie]}).status_code == 303
    assert "Aucune fiche validée. Une a changé depuis" in chef.get("/supervision/fiches").text
    assert controle_de(cas, cas.entretien)["etat"] == "recue"


def test_only_what_came_since_the_last_look_is_new(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/fiches").text
    assert "3 nouvelles" in page
    jusqu_au = re.search(r'name="jusqu_au" value="([^"]+)"', page).group(1)
    cas.faire("noter_entretien", cas.futur[:-1] + "0", {"date": dans(0)[:10], "moyen": "sms"})
    assert chef.post("/supervision/fiches/vu", {"jusqu_au": jusqu_au}).status_code == 303
    assert "1 nouvelle" in chef.get("/supervision/fiches").text
    assert len(coches(chef.get("/supervision/fiches?filtre=nouvelles").text)) == 1
    # Un onglet ancien ne fait pas reculer.
    assert chef.post("/supervision/fiches/vu", {"jusqu_au": "2020-01-01T00:00:00+00:00"}).status_code == 303
    assert "1 nouvelle" in chef.get("/supervision/fiches").text


def test_the_secretariat_reads_without_deciding(cas, connecte):
    nav = connecte("secretariat")
    page = nav.get("/supervision/fiches").text
    assert "Entretien téléphonique" in page
    assert coches(page) == []
    assert nav.post("/supervision/fiches/valider", {"fiche": "x"}).status_code == 403


def test_what_a_withdrawn_phone_could_not_have_applied_is_put_before_the_chef(app, cas, equipes, connecte):
    equipe = equipes[0]
    appareil, maintenant = un_id(), dt.datetime.now(dt.UTC)
    cle = {"structure_id": equipe.structure_id, "utilisateur_id": equipe.comptes["conseiller"]}
    champs = {"date": dans(0)[:10], "moyen": "sms", "synthese": "Vue au marché <b>.", "note_personnelle": "canari"}
    orpheline = {"id": un_id(), "genre": "noter_entretien", "entite": un_id(), "personne": un_id(), "champs": champs}
    with app.app_context(), ecrire(db.engine) as session:
        session.add(Appareil(**cle, id=appareil, nom="Ancien", enrole_le=maintenant, revoque_le=maintenant))
        acteur = Acteur(
            **cle, role="conseiller", appareil_id=appareil, maintenant=maintenant, origine="scelle", revoque=True
        )
        appliquer(session, acteur, [lire_operation({**orpheline, "heure": dans(0)})])
    page = connecte("chef_de_service").get("/supervision/fiches").text
    assert "À reprendre à la main" in page
    assert "Vue au marché &lt;b&gt;." in page
    assert "à reprendre à la main" in page
    assert "canari" not in page
    assert "Vue au marché" not in connecte("secretariat").get("/supervision/fiches").text

    # Repris à la main : qui, quand, et la ligne s’en va.
    (geste,) = re.findall(r'name="operation" value="([^"]+)"', page)
    chef = connecte("chef_de_service")
    assert chef.post("/supervision/fiches/reprise", {"operation": geste}).status_code == 303
    page = chef.get("/supervision/fiches").text
    assert "Vue au marché" not in page
    assert "Déjà reprises" in page
    assert "repris par" in page
    assert connecte("conseiller").post("/supervision/fiches/reprise", {"operation": geste}).status_code == 403


def test_what_a_withdrawn_phone_noted_in_a_notebook_is_read_by_the_chef_alone(app, cas, equipes, connecte):
    equipe, cahier, appareil = equipes[0], un_id(), un_id()
    ici, maintenant = equipe.structure_id, dt.datetime.now(dt.UTC)
    qui = equipe.comptes["conseiller"]
    chef = Acteur(ici, equipe.comptes["chef_de_service"], "chef_de_service", None, maintenant, origine="bureau")
    retire = Acteur(ici, qui, "conseiller", appareil, maintenant, origine="scelle", revoque=True)

    def notee(genre, entite, /, **champs):
        return lire_operation(
            {"id": un_id(), "genre": genre, "entite": entite, "personne": cahier, "champs": champs, "heure": dans(0)}
        )

    maraude = {"le": dans(0)[:10], "debut": "20:30"}
    with app.app_context(), ecrire(db.engine) as session:
        session.add(
            Appareil(
                structure_id=ici,
                id=appareil,
                utilisateur_id=qui,
                nom="Ancien",
                enrole_le=maintenant,
                revoque_le=maintenant,
            )
        )
        ouvrir = notee("creer_cahier", cahier, genre="secteur", nom="Secteur du canal")
        appliquer(session, chef, [ouvrir, notee("ajouter_membre", cahier, utilisateur=qui)])
        dite = {"maraude_id": un_id(), "adultes": 1, "note": "Ne veut <b>rien", "position": "48.693,6.183"}
        perdue = notee("noter_rencontre", un_id(), **dite)
        appliquer(session, retire, [notee("noter_maraude", un_id(), **maraude), perdue])
    page = connecte("chef_de_service").get("/supervision/fiches").text
    assert "Rencontre\u202f: notée" in page
    assert "Ne veut &lt;b&gt;rien" in page
    assert "Position" not in page
    assert "48.693" not in page
    assert "Ne veut" not in connecte("secretariat").get("/supervision/fiches").text
    tardives = connecte("chef_de_service").get("/equipe/tardives").text
    assert "Secteur du canal" in tardives
    assert "Maraude\u202f: notée" in tardives
    assert connecte("secretariat").get("/equipe/tardives").status_code == 403


def test_who_decides_sees_on_the_first_page_how_many_wait(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.get("/").text
    assert re.search(r'href="/supervision/fiches">3 fiches à contrôler</a>', page)
    assert "Rien ne presse" not in page
    for role in ("conseiller", "secretariat"):
        assert "à contrôler</a>" not in connecte(role).get("/").text
    chef.post("/supervision/fiches/valider", {"fiche": coches(chef.get("/supervision/fiches").text)})
    assert "à contrôler</a>" not in chef.get("/").text


def test_a_counsellor_has_no_desk(cas, connecte):
    nav = connecte()
    for chemin in ("/supervision/fiches", "/rapports", "/administration"):
        assert nav.get(chemin).status_code == 403
    assert "Fiches reçues" not in nav.get("/").text


def _recue(page: str, cas, fiche_id: str) -> str:
    (recue,) = re.findall(rf'id="fiche-{controle_de(cas, fiche_id)["id"]}".*?</li>', page, re.DOTALL)
    return recue


def test_a_modified_fiche_says_what_changed_since_it_was_read(cas, connecte):
    chef = connecte("chef_de_service")
    cas.faire("modifier_entretien", cas.entretien, {"duree": 30})
    lue = _recue(chef.get("/supervision/fiches").text, cas, cas.entretien)
    assert "Modifié\u202f: durée 30\u00a0min<" in lue
    cle = re.search(r'name="fiche" value="([^"]+)"', lue).group(1)
    chef.post("/supervision/fiches/retourner", {"fiche": cle, "remarque": "Vérifiez la durée."})
    cas.faire("modifier_entretien", cas.entretien, {"duree": 45, "note_personnelle": "Pour moi seule."})
    relue = _recue(chef.get("/supervision/fiches").text, cas, cas.entretien)
    assert "Modifié\u202f: durée 30\u00a0min → 45\u00a0min<" in relue
    assert "note" not in relue


def test_a_new_fiche_or_a_told_outcome_is_not_called_modified(cas, connecte):
    cas.faire("constater_rendez_vous", cas.passe, {"statut": "honore"})
    assert "Modifié" not in connecte("chef_de_service").get("/supervision/fiches").text
    cas.faire("constater_rendez_vous", cas.passe, {"statut": "absence_excusee"})
    page = connecte("chef_de_service").get("/supervision/fiches").text
    assert "Modifié\u202f: issue venue → absente, a prévenu" in _recue(page, cas, cas.passe)


def test_what_the_reader_may_not_read_is_not_in_what_changed(cas, connecte):
    cas.faire("modifier_personne", cas.personne, {"pret_emploi": True, "date_effet": dans(-1)[:10]})
    assert "Modifié\u202f: prêt à l’emploi oui" in connecte("chef_de_service").get("/supervision/fiches").text
    page = connecte("secretariat").get("/supervision/fiches").text
    assert "recue-qui" in page
    assert "prêt à l’emploi" not in page


def test_the_queue_of_who_reads_less_counts_what_it_lists(cas, connecte):
    """Une étape n'est pas lue du secrétariat : elle n'est ni dans sa file, ni dans ses comptes."""
    cas.faire("noter_etape", un_id(), {"mesure_id": cas.mesure, "nature": "cdd", "debut": dans(-5)[:10]})
    for role, nombre in (("chef_de_service", 4), ("secretariat", 3)):
        page = connecte(role).get("/supervision/fiches").text
        assert re.search(rf'À contrôler <span class="nombre">{nombre}<', page), role
    assert "Étape de parcours" in connecte("chef_de_service").get("/supervision/fiches").text
    assert "Étape de parcours" not in connecte("secretariat").get("/supervision/fiches").text


def test_every_tab_of_the_queue_has_its_number(cas, connecte, monkeypatch):
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/fiches?filtre=validees").text
    incompletes = int(re.search(r'Incomplètes <span class="nombre">(\d+)<', page).group(1))
    assert incompletes == len(coches(chef.get("/supervision/fiches?filtre=incompletes").text)) > 0
    # Au-delà, les lire toutes ferait attendre chaque page : la file le dit quand on l'ouvre.
    monkeypatch.setattr(fiches_recues, "INCOMPLETES_MAX", 1)
    assert 'Incomplètes <span class="nombre">' not in chef.get("/supervision/fiches").text
