"""Plusieurs écrivent pendant que d'autres lisent : aucun numéro n'apparaît derrière un curseur."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from app.models import Entretien, Personne
from app.models import Operation as Journal
from sync.acces import donner, retirer
from sync.acteur import Acteur
from tests.bases import ecrire, lire
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, operation, un_id

ECRIVAINS, LOTS, LECTEURS = 4, 12, 2


def _en_parallele(*taches: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(taches)) as fils:
        return [futur.result(timeout=120) for futur in [fils.submit(tache) for tache in taches]]


def _file_commune(monde: Monde, nombre: int, acteurs: list[Acteur]) -> list[str]:
    personnes = [un_id() for _ in range(nombre)]
    monde.pousser(acteurs[0], *(creer_personne(personne) for personne in personnes))
    with ecrire(monde.moteur) as session:
        couples = [(acteur.utilisateur_id, personne) for acteur in acteurs for personne in personnes]
        donner(session, monde.structure, couples)
    return personnes


def test_readers_miss_nothing_while_others_write(monde: Monde) -> None:
    ecrivains = [monde.acteur() for _ in range(ECRIVAINS)]
    telephones = [Telephone(monde, monde.acteur()) for _ in range(LECTEURS)]
    personnes = _file_commune(monde, 12, ecrivains + [telephone.acteur for telephone in telephones])
    fini = threading.Event()

    def ecrire_des_lots(acteur: Acteur, graine: int) -> None:
        hasard = random.Random(graine)  # noqa: S311  # un tirage à rejouer, pas un secret
        for _ in range(LOTS):
            choisies = hasard.sample(personnes, 3)
            lot = [noter(personne, synthese=f"{graine}") for personne in choisies]
            lot.append(operation("modifier_personne", choisies[0], choisies[0], prenom=f"p{hasard.random()}"))
            assert monde.statuts(acteur, *lot) == ["applied"] * 4

    def lire_sans_cesse(telephone: Telephone) -> None:
        while not fini.is_set():
            telephone.tirer(limite_octets=2_000)
        telephone.tirer(limite_octets=2_000)

    def ecrire_tout() -> None:
        try:
            _en_parallele(*(lambda a=a, g=g: ecrire_des_lots(a, g) for g, a in enumerate(ecrivains)))
        finally:
            fini.set()

    _en_parallele(ecrire_tout, *(lambda t=t: lire_sans_cesse(t) for t in telephones))

    with lire(monde.moteur) as session:
        entretiens = {ligne.id: ligne.sequence for ligne in session.execute(select(Entretien.id, Entretien.sequence))}
        prenoms = {ligne.id: ligne.prenom for ligne in session.execute(select(Personne.id, Personne.prenom))}
        numeros = list(session.scalars(select(Journal.sequence)))
    assert len(entretiens) == ECRIVAINS * LOTS * 3
    assert len(numeros) == len(set(numeros))
    for telephone in telephones:
        assert {fiche["id"]: fiche["version"] for fiche in telephone.de_type("entretien")} == entretiens
        assert {fiche["id"]: fiche["prenom"] for fiche in telephone.de_type("personne")} == prenoms


def test_a_moving_file_active_ends_exact(monde: Monde) -> None:
    """Des dossiers gagnés et perdus pendant la lecture : à la fin, le téléphone a les siens, entiers, et eux seuls."""
    titulaire, telephone = monde.acteur(), Telephone(monde, monde.acteur())
    personnes = _file_commune(monde, 10, [titulaire])
    monde.pousser(titulaire, *(noter(personne) for personne in personnes for _ in range(3)))
    fini = threading.Event()
    gardees: set[str] = set()

    def deplacer() -> None:
        hasard = random.Random(7)  # noqa: S311  # un tirage à rejouer, pas un secret
        try:
            for _ in range(40):
                personne = hasard.choice(personnes)
                with ecrire(monde.moteur) as session:
                    if personne in gardees:
                        acteur = telephone.acteur
                        retirer(session, monde.structure, acteur.utilisateur_id, [personne], acteur.maintenant)
                        gardees.discard(personne)
                    else:
                        donner(session, monde.structure, [(telephone.acteur.utilisateur_id, personne)])
                        gardees.add(personne)
                monde.pousser(titulaire, noter(hasard.choice(personnes)))
        finally:
            fini.set()

    def suivre() -> None:
        while not fini.is_set():
            telephone.tirer(limite_octets=1_500)
        telephone.tirer(limite_octets=1_500)
        telephone.tirer(limite_octets=1_500)

    _en_parallele(deplacer, suivre)
    assert {fiche["id"] for fiche in telephone.de_type("personne")} == gardees
    with lire(monde.moteur) as session:
        attendus = set(session.scalars(select(Entretien.id).where(Entretien.personne_id.in_(gardees))))
    assert {fiche["id"] for fiche in telephone.de_type("entretien")} == attendus


def test_the_same_batch_sent_by_two_roads_at_once_is_applied_once(monde: Monde) -> None:
    acteur = monde.acteur()
    lots = []
    for _ in range(8):
        creation = creer_personne()
        lots.append([creation, noter(creation.entite), noter(creation.entite)])
    for lot in lots:
        reponses = _en_parallele(*(lambda lot=lot: monde.pousser(acteur, *lot) for _ in range(3)))
        for resultats in zip(*reponses, strict=True):
            assert sorted(resultat.statut for resultat in resultats) == ["applied", "duplicate", "duplicate"]
            assert len({resultat.version for resultat in resultats}) == 1
    assert (monde.compter(Personne), monde.compter(Entretien), monde.compter(Journal)) == (8, 16, 24)


def test_two_structures_write_side_by_side(monde: Monde) -> None:
    acteurs = [monde.acteur("conseiller", structure) for structure in monde.structures]

    def pousser(acteur: Acteur) -> list[str]:
        return [statut for _ in range(15) for statut in monde.statuts(acteur, creer_personne())]

    ici, la_bas = _en_parallele(*(lambda a=a: pousser(a) for a in acteurs))
    assert ici == la_bas == ["applied"] * 15
