"""Qui règle un désaccord, et qui le voit."""

from __future__ import annotations

from dataclasses import replace

from tests.sync.carnets import Equipe, au_bureau, une_equipe
from tests.sync.desaccords.gestes import en_conflit, regler
from tests.sync.fabrique import MAINTENANT, Monde, operation, plus_tard


def test_whoever_holds_the_file_settles_and_the_chef_too_but_not_the_others(equipe: Equipe, monde: Monde) -> None:
    desaccord = en_conflit(equipe)
    reglement = {"choix": "propose", "base": desaccord["version"]}
    for acteur in (monde.acteur(), monde.acteur("secretariat"), monde.acteur("partenaire")):
        essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
        assert monde.statuts(acteur, essai) == ["refused"], acteur.role
    essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
    assert monde.statuts(au_bureau(equipe.chef), essai) == ["applied"]


def test_a_former_holder_or_a_revoked_device_does_not_settle(equipe: Equipe) -> None:
    from sync.acces import retirer
    from tests.bases import ecrire

    desaccord = en_conflit(equipe)
    reglement = {"choix": "propose", "base": desaccord["version"]}
    revoque = replace(equipe.telephone.acteur, revoque=True, origine="scelle")
    essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
    assert equipe.monde.statuts(revoque, essai) == ["refused"]
    bruno = equipe.collegue.acteur
    with ecrire(equipe.monde.moteur) as session:
        retirer(session, bruno.structure_id, bruno.utilisateur_id, [equipe.personne], MAINTENANT)
    essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
    assert equipe.monde.statuts(plus_tard(bruno, days=1), essai) == ["refused"]


def test_a_disagreement_of_another_file_or_structure_cannot_be_settled(equipe: Equipe, monde: Monde) -> None:
    desaccord = en_conflit(equipe)
    autre = une_equipe(monde)
    essai = autre.telephone.faire("regler_desaccord", desaccord["id"], autre.personne, choix="propose")
    assert (essai.statut, set(essai.erreurs)) == ("refused", {"entite"})
    etranger = monde.acteur("chef_de_service", structure_id=monde.structures[1])
    essai_etranger = operation("regler_desaccord", desaccord["id"], equipe.personne, choix="propose")
    assert monde.statuts(etranger, essai_etranger) == ["held"], "pour une autre structure, rien n'existe"


def test_a_field_that_the_role_does_not_read_shows_no_disagreement_and_cannot_be_settled_by_it(equipe: Equipe) -> None:
    """La maraude ne lit pas la situation judiciaire : ni la valeur, ni le désaccord."""
    from app.domain.champs_personne import catalogue, champs_lisibles

    champ = next(
        champ
        for nom, champ in catalogue().items()
        if champ.genre == "booleen" and nom not in champs_lisibles("maraude") and nom in champs_lisibles("conseiller")
    )
    equipe.modifier(equipe.telephone, **{champ.nom: True})
    assert equipe.modifier(equipe.tablette, **{champ.nom: False}).statut == "conflict"
    equipe.tirer()
    assert equipe.collegue.desaccords() == []
    (desaccord,) = equipe.telephone.desaccords()
    refus = regler(equipe, equipe.collegue, desaccord, "propose", base=desaccord["version"])
    assert (refus.statut, set(refus.erreurs)) == ("refused", {"entite"})
