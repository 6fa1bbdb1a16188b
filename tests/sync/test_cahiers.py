"""Le cahier d'une équipe : qui le tient le reçoit, deux y écrivent ensemble, les autres n'en savent rien."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete

from app.models import Cahier, Controle, Desaccord, Feuille
from app.models import Operation as Journal
from app.sauvegarde.epoque import renouveler
from sync.acteur import Acteur
from sync.bilans import bilan, bilans_de_cahiers
from sync.echange import echanger
from sync.operation import PROTOCOLE, Resultat, lire_operation
from sync.tableaux import Tableau, en_fiches
from tests.bases import ecrire, lire
from tests.sync.carnets import Carnet, au_bureau, un_carnet
from tests.sync.fabrique import MAINTENANT, Monde, operation, plus_tard, un_id
from tests.sync.test_echange import SECRET, demande


@dataclass
class Tournee:
    """Un cahier de secteur, que tiennent Awa et Bruno ; le chef de service, au bureau."""

    monde: Monde
    cahier: str
    chef: Acteur
    awa: Carnet
    bruno: Carnet

    def bureau(self, genre: str, /, **champs: Any) -> Resultat:
        return self.monde.pousser(self.chef, operation(genre, self.cahier, self.cahier, **champs))[0]

    def ajouter(self, carnet: Carnet) -> None:
        assert self.bureau("ajouter_membre", utilisateur=carnet.acteur.utilisateur_id).statut == "applied"

    def retirer(self, carnet: Carnet) -> None:
        assert self.bureau("retirer_membre", utilisateur=carnet.acteur.utilisateur_id).statut == "applied"

    def maraude(self, carnet: Carnet | None = None) -> str:
        identifiant = un_id()
        qui = carnet or self.awa
        assert qui.faire("noter_maraude", identifiant, self.cahier, le="2026-11-26", debut="20:30").statut == "applied"
        self.echanger()
        return identifiant

    def rencontre(self, maraude: str, **champs: Any) -> str:
        identifiant = un_id()
        faits = {"maraude_id": maraude, "adultes": 1, "besoins": ["ecoute"]} | champs
        assert self.awa.faire("noter_rencontre", identifiant, self.cahier, **faits).statut == "applied"
        self.echanger()
        return identifiant

    def echanger(self) -> None:
        for carnet in (self.awa, self.bruno):
            carnet.echanger()

    def feuille(self, identifiant: str) -> dict[str, Any]:
        """La feuille, la même sur les deux téléphones."""
        self.echanger()
        lue = self.awa.fiches["feuille", identifiant]
        assert self.bruno.fiches["feuille", identifiant] == lue
        return lue


def une_tournee(monde: Monde) -> Tournee:
    chef = au_bureau(monde.acteur("chef_de_service"))
    awa, bruno = (un_carnet(monde, monde.acteur(role)) for role in ("maraude", "conseiller"))
    tournee = Tournee(monde, un_id(), chef, awa, bruno)
    assert tournee.bureau("creer_cahier", genre="secteur", nom="Secteur Gare").statut == "applied"
    for carnet in (awa, bruno):
        tournee.ajouter(carnet)
    tournee.echanger()
    return tournee


@pytest.fixture
def tournee(monde: Monde) -> Tournee:
    return une_tournee(monde)


def test_a_member_receives_the_whole_notebook_and_then_only_what_changed(tournee: Tournee) -> None:
    (cahier,) = tournee.awa.de_type("cahier")
    tenu_par = sorted(carnet.acteur.utilisateur_id for carnet in (tournee.awa, tournee.bruno))
    assert (cahier["nom"], cahier["genre"], cahier["membres"]) == ("Secteur Gare", "secteur", tenu_par)
    maraude = tournee.maraude()
    recues = tournee.monde.page(tournee.bruno.acteur, tournee.bruno.curseur).fiches
    assert recues == []
    rencontre = un_id()
    tournee.awa.faire("noter_rencontre", rencontre, tournee.cahier, maraude_id=maraude, hommes=2)
    assert len(tournee.monde.page(tournee.bruno.acteur, tournee.bruno.curseur).fiches) == 1
    lue = tournee.feuille(rencontre)
    assert (lue["cahier_id"], lue["valeurs"]) == (tournee.cahier, {"maraude_id": maraude, "hommes": 2})


def test_two_members_change_different_fields_and_both_are_kept(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, ou="Porche de la gare")
    tournee.bruno.noter("modifier_rencontre", rencontre, tournee.cahier, note="À revoir samedi")
    assert [tournee.awa.envoyer()[0].statut, tournee.bruno.envoyer()[0].statut] == ["applied", "merged"]
    lue = tournee.feuille(rencontre)["valeurs"]
    assert (lue["ou"], lue["note"]) == ("Porche de la gare", "À revoir samedi")


def test_the_last_value_received_is_in_force_and_the_other_stays_under_the_page(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, ou="Porche")
    tournee.bruno.noter("modifier_rencontre", rencontre, tournee.cahier, ou="Quai 3")
    assert [tournee.awa.envoyer()[0].statut, tournee.bruno.envoyer()[0].statut] == ["applied", "merged"]
    lue = tournee.feuille(rencontre)
    assert lue["valeurs"]["ou"] == "Quai 3"
    assert [(r["par_nom"], r["champs"]) for r in lue["revisions"]] == [
        ("Conseiller Exemple", {"ou": "Porche"}),
        ("Maraude Exemple", {"ou": None}),
    ]
    assert tournee.monde.compter(Desaccord) == tournee.monde.compter(Controle) == 0


@pytest.mark.parametrize(
    ("d_awa", "de_bruno", "en_vigueur"),
    [
        (["ecoute", "repas"], ["ecoute", "soins"], ["ecoute", "repas", "soins"]),
        (["repas"], ["ecoute", "soins"], ["ecoute", "soins"]),
        (["ecoute", "repas"], [], []),
    ],
)
def test_a_list_to_which_both_only_added_keeps_everything(
    tournee: Tournee, d_awa: list[str], de_bruno: list[str], en_vigueur: list[str]
) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, besoins=d_awa)
    tournee.bruno.noter("modifier_rencontre", rencontre, tournee.cahier, besoins=de_bruno)
    tournee.awa.envoyer()
    tournee.bruno.envoyer()
    assert tournee.feuille(rencontre)["valeurs"].get("besoins", []) == en_vigueur


def test_what_a_phone_took_away_itself_does_not_come_back(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, besoins=["ecoute", "repas"])
    tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, besoins=["ecoute"])
    tournee.awa.envoyer(1)
    tournee.bruno.faire("modifier_rencontre", rencontre, tournee.cahier, besoins=["ecoute", "soins"])
    tournee.awa.envoyer()
    assert tournee.feuille(rencontre)["valeurs"]["besoins"] == ["ecoute"]


def test_the_order_of_one_phone_prevails(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    premiere = tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, ou="Porche")
    seconde = tournee.awa.noter("modifier_rencontre", rencontre, tournee.cahier, ou="Quai 3")
    tournee.awa.file.clear()
    assert tournee.monde.statuts(tournee.awa.acteur, seconde) == ["applied"]
    assert tournee.monde.statuts(tournee.awa.acteur, premiere) == ["merged"]
    assert tournee.feuille(rencontre)["valeurs"]["ou"] == "Quai 3"


def test_a_page_left_open_at_the_desk_erases_nothing(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude(), ou="Gare")
    base = tournee.feuille(rencontre)["version"]
    tournee.awa.faire("modifier_rencontre", rencontre, tournee.cahier, ou="Quai 3")
    page = operation("modifier_rencontre", rencontre, tournee.cahier, base=base, ou="Gare", note="Vu au bureau")
    assert tournee.monde.statuts(tournee.chef, page) == ["merged"]
    lue = tournee.feuille(rencontre)["valeurs"]
    assert (lue["ou"], lue["note"]) == ("Quai 3", "Vu au bureau")


def test_the_same_operation_sent_twice_is_one_page(tournee: Tournee) -> None:
    maraude = tournee.maraude()
    notee = operation("noter_rencontre", un_id(), tournee.cahier, maraude_id=maraude, adultes=1)
    assert tournee.monde.statuts(tournee.awa.acteur, notee, notee) == ["applied", "duplicate"]
    assert tournee.monde.statuts(tournee.awa.acteur, notee) == ["duplicate"]
    assert tournee.monde.compter(Feuille) == 2


def test_a_page_citing_someone_unknown_waits(tournee: Tournee) -> None:
    maraude, connu = tournee.maraude(), un_id()
    rencontre = operation("noter_rencontre", un_id(), tournee.cahier, maraude_id=maraude, connu_id=connu)
    (attend,) = tournee.monde.pousser(tournee.bruno.acteur, rencontre)
    assert (attend.statut, list(attend.erreurs)) == ("held", ["connu_id"])
    assert tournee.awa.faire("noter_connu", connu, tournee.cahier, pseudonyme="Momo").statut == "applied"
    assert tournee.monde.statuts(tournee.bruno.acteur, rencontre) == ["applied"]


def test_a_page_of_another_notebook_is_no_better_known_than_none(tournee: Tournee) -> None:
    autre, ailleurs = une_tournee(tournee.monde), tournee.maraude()
    attend = autre.awa.faire("noter_rencontre", un_id(), autre.cahier, maraude_id=ailleurs, adultes=1)
    assert (attend.statut, list(attend.erreurs)) == ("held", ["maraude_id"])
    assert autre.awa.faire("modifier_maraude", ailleurs, autre.cahier, fin="23:00", base=1).statut == "held"


def test_a_page_citing_a_page_of_another_form_is_refused(tournee: Tournee) -> None:
    maraude = tournee.maraude()
    refusee = tournee.awa.faire("noter_rencontre", un_id(), tournee.cahier, maraude_id=maraude, connu_id=maraude)
    assert (refusee.statut, list(refusee.erreurs)) == ("refused", ["connu_id"])


def test_an_encounter_says_who_or_how_many(tournee: Tournee) -> None:
    refusee = tournee.awa.faire("noter_rencontre", un_id(), tournee.cahier, maraude_id=tournee.maraude(), chiens=1)
    assert (refusee.statut, list(refusee.erreurs)) == ("refused", ["connu_id"])


def test_a_form_belongs_to_its_kind_of_notebook(tournee: Tournee) -> None:
    comite = un_id()
    ouvert = operation("creer_cahier", comite, comite, genre="comite", nom="Comité", jour="2026-12-03")
    maraude = operation("noter_maraude", un_id(), comite, le="2026-11-26", debut="20:30")
    assert tournee.monde.statuts(tournee.chef, ouvert, maraude) == ["applied", "refused"]


@pytest.mark.parametrize("role", ["conseiller", "maraude"])
def test_someone_who_never_held_it_is_answered_as_if_it_did_not_exist(tournee: Tournee, role: str) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    etranger = un_carnet(tournee.monde, tournee.monde.acteur(role))
    champs = {"le": "2026-11-26", "debut": "21:00"}
    dits = []
    for cahier, fiche in ((tournee.cahier, rencontre), (un_id(), un_id())):
        etranger.noter("noter_maraude", un_id(), cahier, **champs)
        etranger.noter("modifier_rencontre", fiche, cahier, ou="Ailleurs", base=1)
        etranger.noter("retirer_rencontre", fiche, cahier, motif="Doublon")
        dits.append([(r.statut, r.erreurs) for r in etranger.envoyer()])
    assert dits[0] == dits[1]
    assert {statut for statut, _ in dits[0]} == {"held"}
    etranger.tirer()
    assert etranger.fiches == {}
    assert tournee.monde.compter(Feuille) == 2


def test_another_structure_sees_nothing(tournee: Tournee) -> None:
    ailleurs = un_carnet(tournee.monde, tournee.monde.acteur("chef_de_service", tournee.monde.structures[1]))
    assert ailleurs.faire("noter_maraude", un_id(), tournee.cahier, le="2026-11-26", debut="20:30").statut == "held"


@pytest.mark.parametrize("role", ["secretariat", "administrateur", "partenaire"])
def test_other_roles_never_hold_one(tournee: Tournee, role: str) -> None:
    autre = un_carnet(tournee.monde, tournee.monde.acteur(role))
    ajoute = tournee.bureau("ajouter_membre", utilisateur=autre.acteur.utilisateur_id)
    assert (ajoute.statut, list(ajoute.erreurs)) == ("refused", ["utilisateur"])
    notee = autre.faire("noter_maraude", un_id(), tournee.cahier, le="2026-11-26", debut="20:30")
    assert notee.statut == "refused"
    # Il le tenait, et son compte a changé de rôle.
    change = replace(tournee.awa.acteur, role=role)
    recue = tournee.monde.page(change, None)
    assert (recue.fiches, recue.retraits) == ([], [tournee.cahier])


def test_only_the_head_decides_of_a_notebook_and_at_the_desk(tournee: Tournee) -> None:
    autre = un_id()
    au_telephone = un_carnet(tournee.monde, replace(tournee.chef, origine="echange"))
    for qui in (au_telephone.acteur, au_bureau(tournee.awa.acteur)):
        for genre, champs in (
            ("creer_cahier", {"genre": "secteur", "nom": "Autre"}),
            ("modifier_cahier", {"nom": "Autre"}),
            ("ajouter_membre", {"utilisateur": tournee.awa.acteur.utilisateur_id}),
            ("retirer_membre", {"utilisateur": tournee.awa.acteur.utilisateur_id}),
        ):
            cahier = autre if genre == "creer_cahier" else tournee.cahier
            assert tournee.monde.statuts(qui, operation(genre, cahier, cahier, **champs)) == ["refused"], genre
    assert tournee.monde.compter(Cahier) == 1


def test_a_removed_member_forgets_it_and_their_late_work_is_received_and_labelled(tournee: Tournee) -> None:
    maraude = tournee.maraude()
    rencontre = un_id()
    tournee.bruno.noter("noter_rencontre", rencontre, tournee.cahier, maraude_id=maraude, adultes=1)
    tournee.retirer(tournee.bruno)
    (recu,) = tournee.bruno.envoyer()
    assert recu.statut == "applied"
    tournee.bruno.tirer()
    assert tournee.bruno.fiches == {}
    tournee.awa.tirer()
    assert tournee.awa.fiches["feuille", rencontre]["tardive"] == "membre"
    assert tournee.awa.de_type("cahier")[0]["membres"] == [tournee.awa.acteur.utilisateur_id]
    trop_tard = plus_tard(tournee.bruno.acteur, days=31)
    refusee = operation("noter_maraude", un_id(), tournee.cahier, le="2026-11-26", debut="20:30")
    (resultat,) = tournee.monde.pousser(trop_tard, refusee)
    assert (resultat.statut, list(resultat.erreurs)) == ("refused", ["personne"])


def test_a_member_who_comes_back_receives_everything_again(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    tournee.retirer(tournee.bruno)
    tournee.bruno.tirer()
    tournee.ajouter(tournee.bruno)
    assert tournee.feuille(rencontre)["valeurs"]["adultes"] == 1


def test_what_a_revoked_phone_noted_is_received_and_labelled(tournee: Tournee) -> None:
    maraude, rencontre = tournee.maraude(), un_id()
    revoque = replace(tournee.bruno.acteur, revoque=True, origine="scelle")
    notee = operation("noter_rencontre", rencontre, tournee.cahier, maraude_id=maraude, femmes=1)
    assert tournee.monde.statuts(revoque, notee) == ["applied"]
    tournee.awa.tirer()
    assert tournee.awa.fiches["feuille", rencontre]["tardive"] == "appareil"
    # Le chef de service écrit partout ; un téléphone qu'on lui a retiré, seulement dans ce qu'il tenait.
    retire = replace(un_carnet(tournee.monde, tournee.chef).acteur, revoque=True, origine="scelle")
    perdue = operation("noter_rencontre", un_id(), tournee.cahier, maraude_id=maraude, femmes=1)
    assert tournee.monde.statuts(retire, perdue) == ["refused"]


def test_withdrawn_a_page_stays_with_its_reason_and_changes_no_more(tournee: Tournee) -> None:
    rencontre = tournee.rencontre(tournee.maraude())
    tournee.awa.noter("retirer_rencontre", rencontre, tournee.cahier, motif="Notée deux fois")
    tournee.bruno.noter("retirer_rencontre", rencontre, tournee.cahier, motif="Doublon")
    tournee.awa.envoyer()
    tournee.bruno.envoyer()
    assert tournee.feuille(rencontre)["retrait_motif"] == "Notée deux fois"
    assert tournee.awa.faire("modifier_rencontre", rencontre, tournee.cahier, ou="Gare").statut == "refused"


def test_a_notebook_is_renamed_and_closed_and_still_receives(tournee: Tournee) -> None:
    assert tournee.bureau("modifier_cahier", nom="Secteur Gare et canal", ferme_le="2026-11-26").statut == "applied"
    assert tournee.bureau("modifier_cahier", perimetre="De la gare au canal").statut == "applied"
    tournee.maraude()
    (cahier,) = tournee.bruno.de_type("cahier")
    assert (cahier["nom"], cahier["ferme_le"]) == ("Secteur Gare et canal", "2026-11-26")
    assert cahier["valeurs"] == {"perimetre": "De la gare au canal"}
    for fausse in ({"nom": None}, {"nature": "x"}):
        assert tournee.bureau("modifier_cahier", **fausse).statut == "refused"


def test_an_identifier_is_of_a_person_or_of_a_notebook(tournee: Tournee) -> None:
    personne = operation("creer_personne", tournee.cahier, tournee.cahier, nom="Fictive")
    assert tournee.monde.statuts(tournee.awa.acteur, personne) == ["refused"]
    autre = un_id()
    deux = (
        operation("creer_personne", autre, autre, nom="Fictive"),
        operation("creer_cahier", autre, autre, genre="secteur", nom="Autre"),
    )
    assert tournee.monde.statuts(tournee.chef, *deux) == ["applied", "refused"]


def test_a_phone_of_the_third_protocol_receives_no_notebook(tournee: Tournee) -> None:
    tournee.maraude()
    hier = Carnet(tournee.monde, replace(tournee.awa.acteur, protocole=3))
    hier.tirer()
    assert hier.fiches == {}
    hier.acteur = tournee.awa.acteur
    hier.tirer()
    assert {genre for genre, _ in hier.fiches} == {"cahier", "feuille"}


def test_the_balance_of_a_notebook_is_that_of_what_its_holder_has(tournee: Tournee) -> None:
    tournee.rencontre(tournee.maraude())
    tenues = [(genre, identifiant, f["version"]) for (genre, identifiant), f in tournee.awa.fiches.items()]
    with lire(tournee.monde.moteur) as session:
        calcules = bilans_de_cahiers(session, tournee.awa.acteur, [tournee.cahier])
    assert calcules == {tournee.cahier: bilan(tenues)}
    curseur = tournee.awa.curseur

    def comparer(bilans: dict[str, str]) -> tuple[Any, int, list[str]]:
        page = tournee.monde.page(tournee.awa.acteur, curseur, bilans=bilans, entre=("", None))
        return page.a_reprendre, len(page.fiches), page.retraits

    assert comparer(calcules) == ([], 0, [])
    assert comparer({tournee.cahier: "1:0123456789abcdef"}) == ([tournee.cahier], 3, [])
    assert comparer({}) == ([tournee.cahier], 3, [])
    inconnu = un_id()
    assert comparer(calcules | {inconnu: "1:0123456789abcdef"}) == ([], 0, [inconnu])


def test_notebooks_and_people_share_the_pages_of_one_round(tournee: Tournee) -> None:
    for _ in range(6):
        personne = un_id()
        tournee.awa.faire("creer_personne", personne, personne, nom="Fictive")
    tournee.rencontre(tournee.maraude())
    neuf = Carnet(tournee.monde, tournee.awa.acteur)
    premiere = tournee.monde.page(neuf.acteur, None, limite_octets=300)
    assert premiere.suite
    assert neuf.tirer(limite_octets=300) == 7
    assert neuf.fiches == tournee.awa.fiches
    assert premiere.restant + len(premiere.fiches) == len(neuf.fiches)


def test_the_journal_says_in_which_notebook(tournee: Tournee) -> None:
    maraude = tournee.maraude()
    with lire(tournee.monde.moteur) as session:
        ligne = session.query(Journal).filter_by(entite=maraude).one()
    assert (ligne.personne_id, ligne.genre) == (tournee.cahier, "noter_maraude")


def test_what_a_phone_just_noted_is_not_sent_back_to_it(tournee: Tournee) -> None:
    maraude, appareil = tournee.maraude(), tournee.awa.acteur.appareil_id or ""
    lot = [
        operation("noter_rencontre", un_id(), tournee.cahier, maraude_id=maraude, adultes=1, note=f"Canari {rang}")
        for rang in range(3)
    ]
    recue = demande(appareil, *lot, curseur=tournee.awa.curseur, tableaux=True, protocole=PROTOCOLE)
    brute = echanger(tournee.monde.moteur, tournee.awa.acteur, recue, SECRET)
    reponse = msgspec.json.decode(brute)
    assert [resultat["statut"] for resultat in reponse["resultats"]] == ["applied"] * 3
    operations = [lire_operation(brute) for brute in recue.operations]
    tableaux = msgspec.convert(reponse["tableaux"], list[Tableau])
    assert tableaux[0].envoyes == ["id"]
    depliees = {fiche["id"]: fiche for tableau in tableaux for fiche in en_fiches(tableau, operations)}
    tournee.awa.tirer()
    assert depliees == {une.entite: tournee.awa.fiches["feuille", une.entite] for une in lot}


def test_a_restored_base_takes_back_what_its_phones_kept(tournee: Tournee) -> None:
    maraude, rencontre = un_id(), un_id()
    sortie = tournee.awa.noter("noter_maraude", maraude, tournee.cahier, le="2026-11-26", debut="20:30")
    notee = tournee.awa.noter("noter_rencontre", rencontre, tournee.cahier, maraude_id=maraude, adultes=1)
    tournee.awa.echanger()
    # La base d'avant la tournée : la maraude a été notée depuis le téléphone d'une autre.
    with ecrire(tournee.monde.moteur) as session:
        for modele, cles in ((Feuille, (maraude, rencontre)), (Journal, (sortie.id, notee.id))):
            session.execute(delete(modele).where(modele.id.in_(cles)))
        renouveler(session, MAINTENANT)
    rendre = replace(tournee.awa.acteur, origine="scelle")
    assert tournee.monde.statuts(rendre, notee) == ["held"]
    assert tournee.monde.statuts(rendre, sortie, notee) == ["applied", "applied"]
    assert tournee.monde.statuts(rendre, sortie, notee) == ["duplicate", "duplicate"]
    assert tournee.monde.page(tournee.awa.acteur, tournee.awa.curseur).restauree
    tournee.bruno.tirer()
    assert tournee.bruno.fiches["feuille", rencontre]["valeurs"]["adultes"] == 1
