"""Ce qu'est une règle, et ce qu'elle peut répondre quand elle n'applique pas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.domain import roles
from app.models import Acces, Structure
from sync.acces import DELAI_TARDIF, Titre, retard
from sync.acteur import Acteur
from sync.attributions import Attributions
from sync.champs import Forme
from sync.etat import CAHIER, CONTROLE, PERSONNE, Etat, Ligne
from sync.fusion import Fusion, Verdict
from sync.lecteur import PROPOSER, Lecteur
from sync.operation import Operation

TERRAIN, DOSSIERS, CONTROLEURS = map(frozenset, (roles.TERRAIN, roles.DOSSIERS, roles.CONTROLEURS))

# Une valeur peut être annoncée (une suspension au mois prochain), pas dans une autre décennie.
EFFET_MAX = dt.timedelta(days=366)

HORS_DE_PORTEE = "Ce dossier n’est pas dans votre file active."
PERDU = "Ce dossier n’est plus dans votre file active."
CAHIER_PERDU = "Vous ne tenez plus ce cahier."
EN_BINOME = "Ce dossier vous est ouvert en binôme\u202f: dites-le à son référent, qui le notera."
# Vrai que la fiche citée soit d'un autre dossier à soi ou de celui d'un collègue : l'un ne se distingue pas de l'autre.
AUTRE_DOSSIER = "Cette fiche n’est pas de ce dossier."


class Refus(Exception):
    """L'opération est fausse : ses erreurs, par champ."""

    def __init__(self, erreurs: dict[str, list[str]]) -> None:
        super().__init__(str(erreurs))
        self.erreurs = erreurs


class Retenue(Exception):
    """L'opération cite une fiche que le serveur ne connaît pas encore, et qui peut arriver."""

    def __init__(self, champ: str) -> None:
        super().__init__(champ)
        self.champ = champ


def refuser(champ: str, message: str) -> Refus:
    return Refus({champ: [message]})


@dataclass(slots=True)
class Contexte:
    """Ce dont une règle dispose pour une opération. Elle vérifie tout avant de changer la première ligne.

    `titres` : ce qui ouvre, ou a ouvert, chaque dossier à l'acteur. `retard` : pourquoi l'opération est tardive, sinon
    None.
    """

    etat: Etat
    acteur: Acteur
    titres: dict[str, list[Titre]]
    conventions: frozenset[str]
    version: int = 0
    retard: str | None = None
    attributions: Attributions | None = None
    fusion: Fusion = field(default_factory=Fusion)
    verdict: Verdict = field(default_factory=Verdict)
    aiguillage: Any = None
    # Qui tient, ou a tenu, les cahiers où le lot met ou retire quelqu'un, par cahier et par compte.
    membres: dict[tuple[str, str], Ligne] = field(default_factory=dict)
    # Le dossier que l'opération nommait, si elle va dans un autre.
    origine: str | None = None
    # Les dossiers que le lot a changés, et le dernier numéro pris chez chacun.
    touches: dict[str, int] = field(default_factory=dict)
    # Le jour du serveur, à Paris : la montre d'un appareil ne décide pas de ce qui est en vigueur.
    aujourd_hui: dt.date = field(init=False)

    def __post_init__(self) -> None:
        self.aujourd_hui = self.acteur.jour

    def viser(self, operation: Operation) -> Operation:
        """L'opération là où elle s'applique aujourd'hui : son dossier a pu être réuni à un autre, ou séparé."""
        visee: Operation = self.aiguillage.viser(self.etat, operation)
        self.origine = operation.personne if visee.personne != operation.personne else None
        return visee

    def personne(self, operation: Operation, meme_perdu: bool = True) -> Ligne:
        """Le dossier visé, si l'acteur peut y écrire ; `meme_perdu` : ou le pouvait il y a moins de trente jours."""
        ligne = self.etat.lire(PERSONNE, operation.personne)
        if ligne is None:
            raise Retenue("personne")
        # Un appareil retiré n'a que la file de qui le portait ; le reste de la structure ne s'y lit pas.
        if self.acteur.voit_tout and not self.acteur.revoque:
            return ligne
        siens = [titre for titre in self.titres.get(operation.personne, ()) if titre.a_commence(self.aujourd_hui)]
        if not siens and not self.titres.get(operation.personne) and self.base_revenue():
            # Ce qui lui ouvrait ce dossier a pu partir avec la base d'avant, et revenir d'un autre appareil.
            raise Retenue("personne")
        if not siens:
            raise refuser("personne", HORS_DE_PORTEE)
        if not any(titre.en_cours(self.aujourd_hui) for titre in siens):
            cause = retard(siens, self.acteur.maintenant, self.aujourd_hui) if meme_perdu else None
            if cause is None:
                raise refuser("personne", PERDU)
            self.retard = self.retard or cause
        return ligne

    def cahier(self, operation: Operation) -> Ligne:
        """Le cahier visé, si l'acteur le tient, ou le tenait il y a moins de trente jours.

        Qui ne l'a jamais tenu n'apprend pas qu'il existe : la réponse est celle d'un cahier inconnu.
        """
        ligne = self.etat.lire(CAHIER, operation.personne)
        if ligne is None:
            raise Retenue("personne")
        if self.acteur.role in CONTROLEURS and not self.acteur.revoque:
            return ligne
        siens = self.titres.get(operation.personne, ())
        if not siens:
            raise Retenue("personne")
        if not any(titre.en_cours(self.aujourd_hui) for titre in siens):
            if retard(siens, self.acteur.maintenant, self.aujourd_hui) is None:
                raise refuser("personne", CAHIER_PERDU)
            self.retard = self.retard or "membre"
        return ligne

    def base_revenue(self) -> bool:
        """La base a été restaurée il y a moins de trente jours. Lu au seul moment de refuser."""
        requete = select(Structure.restauree_le).where(Structure.id == self.acteur.structure_id)
        revenue = self.etat.session.scalar(requete)
        return revenue is not None and self.acteur.maintenant - revenue <= DELAI_TARDIF

    def est_a_lui(self, personne_id: str, sans_terme: bool = False) -> bool:
        """Le dossier est de sa file active, et non prêté ; `sans_terme` : et n'est pas déjà confié à un autre."""
        siens = (titre for titre in self.titres.get(personne_id, ()) if not titre.pret)
        return any(titre.en_cours(self.aujourd_hui) and not (sans_terme and titre.jusqu_au) for titre in siens)

    def est_en_binome(self, personne_id: str) -> bool:
        """Rien d'autre qu'un binôme ne lui ouvre ce dossier, ni ne le lui ouvrait il y a moins de trente jours."""
        if self.acteur.voit_tout and not self.acteur.revoque:
            return False
        valables = [
            titre
            for titre in self.titres.get(personne_id, ())
            if titre.en_cours(self.aujourd_hui) or titre.fini_depuis_peu(self.acteur.maintenant, self.aujourd_hui)
        ]
        return bool(valables) and all(titre.binome for titre in valables)

    def lit_rendez_vous(self, rendez_vous: Ligne) -> bool:
        """En binôme, ceux que l'on a proposés ; le journal de ce lot n'est pas encore en base."""
        if not self.est_en_binome(rendez_vous["personne_id"]):
            return True
        cle = rendez_vous["id"]
        if any((ligne["entite"], ligne["genre"]) == (cle, PROPOSER) for ligne in self.etat.journal):
            return True
        return self.lecteur(rendez_vous["personne_id"]).lit_fiche("rendez_vous", cle, rendez_vous["personne_id"])

    def lecteur(self, personne_id: str) -> Lecteur:
        """Ce que l'acteur lit de ce dossier ; le sien se lit sans restriction."""
        dossiers = {personne_id} if self.est_en_binome(personne_id) else set[str]()
        session, acteur = self.etat.session, self.acteur
        return Lecteur(session, acteur.structure_id, dossiers, acteur.utilisateur_id, acteur.role, acteur.jour)

    def refuser_au_binome(self, personne_id: str) -> None:
        """Le partenaire d'un binôme n'écrit pas par-dessus ce qu'il ne lit pas."""
        if self.est_en_binome(personne_id):
            raise refuser("personne", EN_BINOME)

    def verifier_effets(self, valeurs: Mapping[str, Any], champs: Iterable[str]) -> None:
        """Ce qui prendrait effet dans plus d'un an est une faute de frappe."""
        for champ in champs:
            jour = valeurs.get(champ)
            if jour is not None and jour > self.aujourd_hui + EFFET_MAX:
                raise refuser(champ, "Cette date est dans plus d'un an : vérifiez l'année.")

    def donner_acces(self, personne_id: str) -> None:
        ligne = {
            "utilisateur_id": self.acteur.utilisateur_id,
            "personne_id": personne_id,
            "sequence": self.version,
            "actif": True,
            "jusqu_au": None,
            "perdu_le": None,
        }
        self.titres[personne_id] = [titre for titre in self.titres.get(personne_id, ()) if titre.pret] + [Titre()]
        self.etat.dater(Acces, **ligne)

    def qui_suit(self, utilisateur_id: str, champ: str) -> str:
        """Ce collègue, si son compte est ouvert et que son rôle suit des dossiers."""
        if self.suivis().roles().get(utilisateur_id) not in TERRAIN:
            raise refuser(champ, "Choisissez un collègue qui suit des dossiers, et dont le compte est ouvert.")
        return utilisateur_id

    def suivis(self) -> Attributions:
        if self.attributions is None:
            self.attributions = Attributions(self.etat)
        return self.attributions

    def soumettre_au_controle(self, fiche_type: str, fiche_id: str, personne_id: str) -> None:
        """La fiche arrive, ou revient, devant le chef de service. Ce qu'il écrit lui-même n'a pas à l'être."""
        if self.acteur.recoit_pour_d_autres or (self.acteur.role in CONTROLEURS and not self.acteur.revoque):
            return
        identifiant = identifiant_controle(self.acteur.structure_id, fiche_type, fiche_id)
        valeurs = {
            "etat": "recue",
            # La remarque d'avant reste au journal des opérations ; la fiche, elle, est à relire à neuf.
            "remarque": None,
            "par_id": None,
            "le": None,
            "auteur_id": self.acteur.utilisateur_id,
            "recue_le": self.acteur.maintenant,
            "sequence": self.version,
        }
        if self.etat.lire(CONTROLE, identifiant) is None:
            self.etat.ajouter(
                CONTROLE, id=identifiant, personne_id=personne_id, fiche_type=fiche_type, fiche_id=fiche_id, **valeurs
            )
        else:
            self.etat.changer(CONTROLE, identifiant, **valeurs)


def identifiant_controle(_structure_id: str, _fiche_type: str, fiche_id: str) -> str:
    """Le contrôle d'une fiche porte son identifiant : il n'y en a qu'un, sans avoir à le chercher."""
    return fiche_id


@dataclass(frozen=True, slots=True)
class Regle:
    """Comment lire et appliquer un genre d'opération.

    `fiche` : la table de l'entité ; `cite` : les champs qui désignent d'autres fiches, et leur table. `fusionne` : elle
    change une fiche que d'autres ont pu changer ; `ecrit` : de ses champs et du jour aux valeurs, si ce ne sont pas les
    mêmes ; `cahier` : ce que l'opération nomme `personne` est un cahier.
    """

    appliquer: Callable[[Contexte, Operation, dict[str, Any]], None]
    formes: Callable[[], Mapping[str, Forme]]
    roles: frozenset[str]
    fiche: str | None
    cite: Mapping[str, str] = field(default_factory=dict)
    obligatoires: Mapping[str, str] = field(default_factory=dict)
    fusionne: bool = False
    ecrit: Callable[[Mapping[str, Any], dt.date], dict[str, Any]] | None = None
    cahier: bool = False
