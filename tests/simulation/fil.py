"""Le témoin du fil : il lit chaque réponse du serveur au passage, qu'elle arrive ou se perde ensuite.

Il ne se fie ni à l'appareil, ni au flux : la portée d'une personne y est relue dans les tables, à sa manière.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models import (
    Acces,
    Cahier,
    CahierMembre,
    Entretien,
    NotePersonnelle,
    Operation,
    Partage,
    Personne,
    PersonneValeur,
    Piece,
)
from sync.acteur import Acteur
from tests.bases import lire
from tests.simulation.client import ARRIVEE
from tests.simulation.secret import SECRET


class Fil:
    """Ce que le serveur a dit arrivé depuis sa dernière restauration."""

    def __init__(self) -> None:
        self.arrivees: set[str] = set()

    def oublier(self, moteur: Engine) -> None:
        """La base est revenue en arrière : n'est arrivé que ce qu'elle tient."""
        with lire(moteur) as session:
            requete = select(Operation.id).where(Operation.statut.in_(sorted(ARRIVEE)))
            self.arrivees = set(session.scalars(requete))

    def voir_echange(self, moteur: Engine, acteur: Acteur, envoyees: list[str], rendu: bytes) -> None:
        lue = msgspec.json.decode(rendu)
        for identifiant, resultat in zip(envoyees, lue["resultats"], strict=True):
            self._acquitter(identifiant, resultat["statut"], resultat.get("premier"))
        self._portee(moteur, acteur, lue)

    def voir_depot(self, rendu: bytes) -> None:
        for resultat in msgspec.json.decode(rendu)["resultats"]:
            # Un dépôt ne dit pas « doublon » : il redit la première réponse.
            deja = resultat["id"] in self.arrivees
            self._acquitter(
                resultat["id"], "duplicate" if deja else resultat["statut"], resultat["statut"] if deja else None
            )

    def _acquitter(self, identifiant: str, statut: str, premier: str | None) -> None:
        if identifiant in self.arrivees:
            assert statut == "duplicate", f"acquittée, puis de nouveau {statut} : {identifiant}"
            assert premier in ARRIVEE, f"acquittée, puis dite {premier} : {identifiant}"
        elif statut in ARRIVEE or (statut == "duplicate" and premier in ARRIVEE):
            self.arrivees.add(identifiant)

    def _portee(self, moteur: Engine, acteur: Acteur, lue: dict[str, Any]) -> None:
        if not any(lue.get(cle) for cle in ("fiches", "tableaux", "tombes", "a_reprendre", "reference")):
            return
        with lire(moteur) as session:
            toutes = {*session.scalars(select(Personne.id)), *session.scalars(select(Cahier.id))}
            interdites = toutes - portee(session, acteur) - _reunies(session, acteur)
            lisibles = _notes_transmises(session, acteur)
        dit = msgspec.json.encode(lue).decode()
        indiscretes = {note[0] for note in SECRET.finditer(dit) if note[1] != acteur.utilisateur_id} - lisibles
        assert not indiscretes, f"la note d'un autre, et pourtant envoyée : {indiscretes}"
        # Un retrait nomme ce qui s'en va, une note à décider le dossier que l'on n'a plus ; le reste de la réponse ne
        # nomme que ce qui est à cette personne.
        if "reference" in lue:
            lue["reference"] = lue["reference"] | {"notes": []}
        dit = msgspec.json.encode({cle: valeur for cle, valeur in lue.items() if cle != "retraits"}).decode()
        montrees = {personne for personne in interdites if personne in dit}
        assert not montrees, f"hors de sa portée, et pourtant envoyé : {montrees}"


def _reunies(session: Session, acteur: Acteur) -> set[str]:
    """Les dossiers réunis à ceux qu'il a en entier : les feuilles d'un cahier les citent encore."""
    pleins = portee(session, acteur, avec_binomes=False)
    lues = session.execute(select(Personne.id, Personne.fusionnee_dans))
    vers = {ligne[0]: ligne[1] for ligne in lues}
    siennes = set[str]()
    for absorbee, reste in vers.items():
        while reste is not None:
            if reste in pleins:
                siennes.add(absorbee)
            reste = vers.get(reste)
    return siennes


def _notes_transmises(session: Session, acteur: Acteur) -> set[str]:
    """Celles que d'autres ont transmises, dans les dossiers qu'il a en entier."""
    pleins = portee(session, acteur, avec_binomes=False)
    transmises = select(NotePersonnelle).where(NotePersonnelle.transmise_le.is_not(None))
    return {note.texte for note in session.scalars(transmises) if note.personne_id in pleins}


def accords_de_partage(session: Session, acteur: Acteur) -> dict[str, bool]:
    """Ce que chaque personne dit du partage, ce jour-là."""
    accords: dict[str, bool] = {}
    dits = select(PersonneValeur).where(PersonneValeur.champ == "accord_partage", PersonneValeur.jour <= acteur.jour)
    for dit in session.scalars(dits.order_by(PersonneValeur.jour)):
        accords[dit.personne_id] = bool(dit.valeur)
    return accords


def hors_du_binome(
    session: Session, acteur: Acteur, fiches: dict[tuple[str, str], dict[str, Any]]
) -> set[tuple[str, str]]:
    """Ce qu'un téléphone tient d'un dossier en binôme, et que ni la personne ni son propre travail ne lui donnent."""
    moi, accords = acteur.utilisateur_id, accords_de_partage(session, acteur)
    restreints = portee(session, acteur) - portee(session, acteur, avec_binomes=False)
    proposes = set(
        session.scalars(
            select(Operation.entite).where(
                Operation.genre == "proposer_rendez_vous",
                Operation.utilisateur_id == moi,
                Operation.statut != "refused",
            )
        )
    )
    coches = set(session.scalars(select(Entretien.id).where(Entretien.partagee)))
    tues = set()
    for (genre, identifiant), fiche in fiches.items():
        personne = fiche.get("personne_id", fiche["id"])
        permis = {
            "personne": not fiche.get("historique") and not fiche.get("date_naissance"),
            "mesure": accords.get(personne, False),
            "rendez_vous": identifiant in proposes,
            "entretien": fiche.get("auteur") == moi
            or (identifiant in coches and accords.get(personne, False) and not fiche.get("note_transmise")),
            "partage": fiche.get("utilisateur") == moi,
        }
        if personne in restreints and not permis.get(genre, True):
            tues.add((genre, identifiant))
    return tues


def pieces_permises(session: Session, acteur: Acteur) -> set[str]:
    """Les pièces de ses dossiers, toutes ; en binôme, les siennes et celles que la personne laisse partager."""
    pleins, accords = portee(session, acteur, avec_binomes=False), accords_de_partage(session, acteur)
    return {
        piece.id
        for piece in session.scalars(select(Piece).where(Piece.structure_id == acteur.structure_id))
        if piece.personne_id in pleins
        or piece.auteur_id == acteur.utilisateur_id
        or (piece.partagee and accords.get(piece.personne_id, False))
    }


def portee(session: Session, acteur: Acteur, avec_binomes: bool = True) -> set[str]:
    """Les dossiers de quelqu'un, titre par titre, les siens et ceux qu'on lui prête ce jour-là ; et ses cahiers."""
    jour = acteur.jour
    siens = session.execute(
        select(Acces.personne_id, Acces.jusqu_au).where(
            Acces.structure_id == acteur.structure_id,
            Acces.utilisateur_id == acteur.utilisateur_id,
            Acces.actif.is_(True),
        )
    )
    pretes = session.execute(
        select(Partage.personne_id, Partage.du, Partage.jusqu_au, Partage.motif).where(
            Partage.structure_id == acteur.structure_id,
            Partage.utilisateur_id == acteur.utilisateur_id,
            Partage.fin_le.is_(None),
        )
    )
    cahiers = session.scalars(
        select(CahierMembre.cahier_id).where(
            CahierMembre.structure_id == acteur.structure_id,
            CahierMembre.utilisateur_id == acteur.utilisateur_id,
            CahierMembre.actif.is_(True),
        )
    )
    return {*cahiers, *(personne for personne, jusqu_au in siens if jusqu_au is None or jour <= jusqu_au)} | {
        personne
        for personne, du, jusqu_au, motif in pretes
        if (avec_binomes or motif != "binome") and (du is None or du <= jour) and (jusqu_au is None or jour <= jusqu_au)
    }
