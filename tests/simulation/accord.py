"""Ce qui doit rester vrai à chaque pas, et l'accord de tous à la fin.

Un *fait* est une opération enregistrée sur un appareil. À tout instant il est en attente sur cet appareil, refusé et
encore là, ou appliqué au serveur une fois ; une base restaurée l'a peut-être perdu, et l'appareil en garde le pli.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import select

from app import moteur as application
from app.models import Entretien, Feuille, Operation, Personne, Piece, RendezVous
from sync.flux import page
from tests.bases import lire
from tests.simulation.client import ARRIVEE, dossier_de
from tests.simulation.fil import hors_du_binome, pieces_permises, portee
from tests.simulation.postes import BOITE_VIVANTE, Fiches, PosteJs, PostePy, Vue
from tests.simulation.serveur import Serveur

Table = type[Personne] | type[Entretien] | type[RendezVous] | type[Piece] | type[Feuille]
TABLES: tuple[tuple[Table, set[str]], ...] = (
    (Personne, {"creer_personne"}),
    (Entretien, {"noter_entretien"}),
    (RendezVous, {"proposer_rendez_vous"}),
    (Piece, {"noter_demande", "noter_etape", "noter_relance"}),
    (Feuille, {"noter_rencontre"}),
)


def lire_journal(serveur: Serveur) -> dict[str, Any]:
    colonnes = (Operation.id, Operation.statut, Operation.sequence, Operation.compteur, Operation.remplace)
    with lire(serveur.moteur) as session:
        return {ligne.id: ligne for ligne in session.execute(select(*colonnes))}


def verifier(serveur: Serveur, poste: PosteJs | PostePy, restaure: bool) -> Vue:
    """Aucun fait perdu ; le compte annoncé est le vrai ; « tout est envoyé » ne ment pas ; l'ordre est gardé."""
    journal, vue = lire_journal(serveur), poste.vue()
    for identifiant, fait in poste.faits.items():
        garde = identifiant in vue.boite or (restaure and identifiant in vue.plis)
        assert garde or _arrive(poste, journal, identifiant), f"fait perdu : {fait}"
    vivants = [identifiant for identifiant, etat in vue.boite.items() if etat in BOITE_VIVANTE]
    a_redonner = len(vue.a_redonner)
    tenus = (len(vivants) + a_redonner, len({vue.fiches[identifiant] for identifiant in vivants}) + a_redonner)
    assert vue.annonce == tenus, f"annonce {vue.annonce} opérations et fiches à envoyer, en tient {tenus}"
    if vue.tout_envoye:
        assert not vue.boite, f"« tout est envoyé » avec {vue.boite}"
        assert not vue.a_redonner, "« tout est envoyé » avant d'avoir tout redonné"
    if not restaure:
        # Ce qui est redonné à une base restaurée prend des numéros neufs.
        _verifier_l_ordre(poste, journal)
    return vue


def _arrive(poste: PosteJs | PostePy, journal: dict[str, Any], identifiant: str) -> bool:
    # D'un appareil retiré, ce qui ne s'applique pas est au journal, devant le chef de service.
    return identifiant in journal and (poste.revoque or journal[identifiant].statut in ARRIVEE)


def _verifier_l_ordre(poste: PosteJs | PostePy, journal: dict[str, Any]) -> None:
    arrives = [
        journal[identifiant]
        for identifiant in poste.faits
        if identifiant in journal
        and journal[identifiant].statut in ARRIVEE
        and identifiant not in poste.retenus
        and journal[identifiant].remplace is None
    ]
    par_compteur = [ligne.sequence for ligne in sorted(arrives, key=lambda ligne: ligne.compteur)]
    assert par_compteur == sorted(par_compteur), "les opérations d'un appareil ont changé d'ordre"


def verifier_l_accord(
    serveur: Serveur, postes: Sequence[PosteJs | PostePy], restaure: bool, entites: Collection[str]
) -> None:
    """Réseau rétabli, tout est arrivé, et chaque appareil dit ce que dit le serveur : ni plus, ni moins."""
    journal = lire_journal(serveur)
    for poste in postes:
        vue = verifier(serveur, poste, restaure)
        if poste.revoque:
            assert not vue.boite, f"un téléphone retiré n'a pas tout rendu : {vue.boite}"
            continue
        reste = BOITE_VIVANTE & set(vue.boite.values())
        assert restaure or not reste, f"il reste {vue.boite} en attente, réseau rétabli"
        for identifiant, fait in poste.faits.items():
            # La version 1 ne sait pas qu'une base est restaurée : elle ne redonne rien (docs/synchronisation.md, § 11).
            muet = restaure and poste.protocole == 1 and identifiant in vue.plis
            garde = identifiant in vue.boite or identifiant in vue.a_redonner or muet
            assert garde or _arrive(poste, journal, identifiant), f"jamais redonné : {fait}"
        verifier_les_fiches(serveur, poste, restaure)
    _verifier_les_tables(serveur, postes, journal, entites)


def verifier_les_fiches(serveur: Serveur, poste: PosteJs | PostePy, restaure: bool) -> None:
    # Ce qui attend encore dans un dossier perdu avec une base l'y garde : il s'en ira avec lui.
    en_attente = poste.faits.keys() & poste.vue().boite.keys() if restaure else set()
    attendus = {poste.faits[identifiant]["personne"] for identifiant in en_attente}
    siennes = poste.fiches() or {}
    acteur = replace(poste.acteur, protocole=poste.protocole, maintenant=serveur.maintenant)
    with lire(serveur.moteur) as session:
        permises, pieces = portee(session, acteur), pieces_permises(session, acteur)
        du_binome = hors_du_binome(session, acteur, siennes)
    en_trop = {dossier_de(fiche) for fiche in siennes.values()} - permises - attendus
    assert not en_trop, f"l'appareil {poste.id[-1]} tient encore {en_trop}, hors de sa portée"
    tues = {identifiant for type_, identifiant in siennes if type_ == "piece"} - pieces
    assert not tues, f"l'appareil {poste.id[-1]} tient des pièces qui ne se partagent pas : {tues}"
    assert not du_binome, f"l'appareil {poste.id[-1]} tient, en binôme, {du_binome}"
    dites = {cle: fiche for cle, fiche in siennes.items() if dossier_de(fiche) in permises}
    ecarts = _ecarts(dites, _fiches_du_serveur(serveur, acteur))
    assert not ecarts, f"l'appareil {poste.id[-1]} ne dit pas ce que dit le serveur : {ecarts[:3]}"


def _verifier_les_tables(
    serveur: Serveur, postes: Sequence[PosteJs | PostePy], journal: dict[str, Any], entites: Collection[str]
) -> None:
    for modele, genres in TABLES:
        with lire(serveur.moteur) as session:
            en_base = set(session.scalars(select(modele.id)))
        arrivees = {
            fait["entite"]
            for poste in postes
            for identifiant, fait in poste.faits.items()
            if fait["genre"] in genres and identifiant in journal and journal[identifiant].statut in ARRIVEE
        }
        assert arrivees <= en_base, f"{modele.__tablename__} : acquittées sans être là, {arrivees - en_base}"
        assert modele is Personne or en_base <= set(entites), (
            f"{modele.__tablename__} : en trop, {en_base - set(entites)}"
        )


def _fiches_du_serveur(serveur: Serveur, acteur: Any) -> Fiches:
    fiches: Fiches = {}
    curseur = None
    while True:
        with application.lire(serveur.moteur, acteur.structure_id) as session:
            recue = page(session, acteur, curseur)
        for brute in recue.fiches:
            fiche = msgspec.json.decode(brute)
            fiches[fiche["type"], fiche["id"]] = fiche
        if not recue.suite:
            return fiches
        curseur = recue.curseur


def _ecarts(sur_l_appareil: Fiches, au_serveur: Fiches) -> list[str]:
    """Ce qui manque, est de trop ou diffère, en clair."""
    dits = []
    for cle in sorted(sur_l_appareil.keys() | au_serveur.keys()):
        ici, la_bas = sur_l_appareil.get(cle), au_serveur.get(cle)
        if ici is None or la_bas is None:
            dits.append(f"{cle} {'de trop' if la_bas is None else 'manque'}")
        elif champs := [nom for nom in ici.keys() | la_bas.keys() if ici.get(nom) != la_bas.get(nom)]:
            dits.append(f"{cle} {[(nom, ici.get(nom), la_bas.get(nom)) for nom in champs]}")
    return dits
