"""Rendez-vous, entretiens, mesures et notes : les mêmes règles que pour la personne."""

from __future__ import annotations

from sqlalchemy import select

from app.models import Desaccord, NotePersonnelle, Operation
from sync.desaccords import NOTE
from tests.bases import lire
from tests.sync.carnets import Equipe, au_bureau
from tests.sync.desaccords.gestes import JOUR, ouvrir_mesure, regler
from tests.sync.fabrique import noter, operation, un_id


def un_rendez_vous(equipe: Equipe) -> str:
    mesure, rendez_vous = ouvrir_mesure(equipe), un_id()
    equipe.telephone.faire(
        "proposer_rendez_vous", rendez_vous, equipe.personne, mesure_id=mesure, debut="2026-11-26T09:00:00Z"
    )
    equipe.tirer()
    return rendez_vous


def test_two_outcomes_of_one_appointment_count_once(equipe: Equipe) -> None:
    rendez_vous = un_rendez_vous(equipe)
    premier = equipe.telephone.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="honore")
    second = equipe.collegue.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="absence_excusee")
    assert (premier.statut, second.statut) == ("applied", "conflict")
    equipe.tirer()
    assert equipe.telephone.fiches["rendez_vous", rendez_vous]["statut"] == "honore"
    assert len(equipe.telephone.de_type("rendez_vous")) == 1
    (desaccord,) = equipe.telephone.desaccords()
    assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    equipe.tirer()
    assert equipe.telephone.fiches["rendez_vous", rendez_vous]["statut"] == "absence_excusee"


def test_undoing_an_outcome_that_someone_else_recorded_is_a_disagreement(equipe: Equipe) -> None:
    rendez_vous = un_rendez_vous(equipe)
    equipe.telephone.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="honore")
    defait = equipe.collegue.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="propose")
    assert defait.statut == "conflict"


def test_moving_an_appointment_twice_is_a_disagreement_on_each_field_moved(equipe: Equipe) -> None:
    rendez_vous = un_rendez_vous(equipe)
    for carnet, debut, lieu in (
        (equipe.telephone, "2026-12-01T09:00:00Z", "Mairie annexe"),
        (equipe.collegue, "2026-12-02T09:00:00Z", "Mairie annexe"),
    ):
        carnet.faire("deplacer_rendez_vous", rendez_vous, equipe.personne, debut=debut, lieu=lieu)
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["champ"] == "debut"
    assert [desaccord[cote]["valeur"] for cote in ("en_vigueur", "propose")] == [
        "2026-12-01T09:00:00Z",
        "2026-12-02T09:00:00Z",
    ]
    regler(equipe, equipe.collegue, desaccord, "propose")
    equipe.tirer()
    assert equipe.telephone.fiches["rendez_vous", rendez_vous]["debut"] == "2026-12-02T09:00:00Z"


def test_an_author_corrects_her_note_from_two_devices(equipe: Equipe) -> None:
    entretien = noter(equipe.personne)
    equipe.monde.pousser(equipe.telephone.acteur, entretien)
    equipe.tirer()
    demarches = [{"famille": "logement", "nature": None}]
    equipe.telephone.faire("modifier_entretien", entretien.entite, equipe.personne, synthese="Un", demarches=demarches)
    change = equipe.tablette.faire(
        "modifier_entretien", entretien.entite, equipe.personne, synthese="Deux", demarches=[], duree=30
    )
    assert change.statut == "conflict"
    equipe.tirer()
    fiche = equipe.telephone.fiches["entretien", entretien.entite]
    assert (fiche["synthese"], fiche["duree"], fiche["demarches"]) == ("Un", 30, demarches)
    assert {desaccord["champ"] for desaccord in equipe.telephone.desaccords()} == {"synthese", "demarches"}
    for desaccord in equipe.telephone.desaccords():
        assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    equipe.tirer()
    fiche = equipe.tablette.fiches["entretien", entretien.entite]
    assert (fiche["synthese"], fiche["demarches"]) == ("Deux", [])


def test_the_private_note_disagrees_only_with_its_author_and_leaves_with_the_settlement(equipe: Equipe) -> None:
    entretien = noter(equipe.personne, note_personnelle="avant")
    equipe.monde.pousser(equipe.telephone.acteur, entretien)
    equipe.tirer()
    for carnet, texte in ((equipe.telephone, "du téléphone"), (equipe.tablette, "de la tablette")):
        carnet.faire("modifier_entretien", entretien.entite, equipe.personne, note_personnelle=texte)
    equipe.tirer()
    assert equipe.collegue.desaccords() == []
    (desaccord,) = equipe.telephone.desaccords()
    valeurs = [desaccord[cote]["valeur"] for cote in ("en_vigueur", "propose")]
    assert (desaccord["champ"], valeurs) == (NOTE, ["du téléphone", "de la tablette"])
    chef = operation("regler_desaccord", desaccord["id"], equipe.personne, choix="propose", base=desaccord["version"])
    assert equipe.monde.statuts(au_bureau(equipe.chef), chef) == ["refused"], "la note n'est qu'à son auteur"
    assert regler(equipe, equipe.tablette, desaccord, "propose").statut == "applied"
    with lire(equipe.monde.moteur) as session:
        assert session.scalars(select(NotePersonnelle.texte)).all() == ["de la tablette"]
        ligne = session.scalars(select(Desaccord)).one()
        assert (ligne.vigueur_valeur, ligne.propose_valeur) == (None, None)
        assert "tablette" not in str(session.scalars(select(Operation.champs)).all()), "jamais au journal"


def test_what_only_adds_never_conflicts(equipe: Equipe) -> None:
    statuts = [
        carnet.faire("noter_entretien", un_id(), equipe.personne, date=JOUR, moyen="telephone").statut
        for carnet in equipe.carnets
    ]
    assert statuts == ["applied"] * 3
