"""Le voisin du banc d'essai : il remplit la base et la relit, par les mêmes règles que le serveur, sans le réseau.

Lit un ordre JSON par ligne sur son entrée, répond une ligne JSON par ordre. Lancé par `jalon.mjs`.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from sqlalchemy import Engine, func, select

from app.domain.convention import livrees
from app.models import Entretien, Operation, Structure, Utilisateur
from app.moteur import ecrire, lire, ouvrir_moteur
from app.securite.mot_de_passe import hacher
from sync import conventions
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation

MOT_DE_PASSE = "lanterne cuivre et ruisseau"
STRUCTURE = str(uuid5(NAMESPACE_URL, "banc/structure"))
LOT = 1000


def compte(proprietaire: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"banc/{proprietaire}"))


def lots(operations: list[Any]) -> Iterator[list[Any]]:
    for debut in range(0, len(operations), LOT):
        yield operations[debut : debut + LOT]


class Semeur:
    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        # Le vrai hachage, fait une fois : c'est la connexion, au serveur, qui le vérifie à chaque fois.
        self.empreinte = hacher(MOT_DE_PASSE)

    def structure(self, _: dict[str, Any]) -> dict[str, Any]:
        with ecrire(self.moteur) as session:
            session.add(
                Structure(
                    id=STRUCTURE,
                    nom="Association du banc",
                    generation=str(uuid5(NAMESPACE_URL, "banc/generation")),
                    cree_le=dt.datetime.now(dt.UTC),
                )
            )
            session.flush()
            conventions.enregistrer(session, STRUCTURE, livrees("ASP-DOM", "ASP-NC", "DSP-TDL"))
        paquets = ("flask", "sqlalchemy", "gunicorn", "msgspec", "brotli")
        return {"versions": {paquet: version(paquet) for paquet in paquets} | {"python": sys.version.split()[0]}}

    def compte(self, ordre: dict[str, Any]) -> dict[str, Any]:
        proprietaire = ordre["proprietaire"]
        with ecrire(self.moteur) as session:
            session.add(
                Utilisateur(
                    structure_id=STRUCTURE,
                    id=compte(proprietaire),
                    nom="Fictive",
                    prenom=proprietaire,
                    courriel=f"{proprietaire}@banc.example",
                    mot_de_passe=self.empreinte,
                    role="conseiller",
                    cree_le=dt.datetime.now(dt.UTC),
                )
            )
        return self.appliquer(ordre)

    def appliquer(self, ordre: dict[str, Any]) -> dict[str, Any]:
        maintenant = dt.datetime.now(dt.UTC)
        acteur = Acteur(STRUCTURE, compte(ordre["proprietaire"]), "conseiller", None, maintenant, origine="import")
        with ecrire(self.moteur) as session:
            for lot in lots(ordre["operations"]):
                for resultat in appliquer(session, acteur, [lire_operation(operation) for operation in lot]):
                    if resultat.statut != "applied":
                        raise ValueError(f"{resultat.statut} : {resultat.erreurs}")
        return {}

    def compter(self, ordre: dict[str, Any]) -> dict[str, Any]:
        """Les fiches demandées qui sont en base, à leur auteur, et dont l'opération est au journal."""
        requete = (
            select(func.count())
            .select_from(Entretien)
            .join(Operation, (Operation.structure_id == Entretien.structure_id) & (Operation.entite == Entretien.id))
            .where(
                Entretien.structure_id == STRUCTURE,
                Entretien.id.in_(ordre["ids"]),
                Entretien.auteur_id == compte(ordre["proprietaire"]),
                Operation.genre == "noter_entretien",
                Operation.statut == "applied",
            )
        )
        with lire(self.moteur) as session:
            return {"nombre": session.scalar(requete)}


def main() -> None:
    semeur = Semeur(ouvrir_moteur(sys.argv[1]))
    ordres: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        nom: getattr(semeur, nom) for nom in ("structure", "compte", "appliquer", "compter")
    }
    for ligne in sys.stdin.buffer:
        ordre = msgspec.json.decode(ligne)
        try:
            reponse = ordres[ordre["ordre"]](ordre)
        except Exception as erreur:  # le pilote lit l'erreur et s'arrête
            reponse = {"erreur": repr(erreur)[:2000]}
        sys.stdout.buffer.write(msgspec.json.encode(reponse) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
