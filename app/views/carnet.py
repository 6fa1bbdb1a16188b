"""Le carnet vu du serveur : les dossiers que la personne peut lire, et l'enregistrement de ce qu'elle saisit.

Une saisie faite ici produit les mêmes opérations, aux mêmes identifiants, que le service worker : envoyée
deux fois, ou une fois d'ici et une fois du téléphone, elle reste un seul fait.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy import Text, cast, or_, select
from uuid6 import uuid7
from werkzeug.exceptions import NotFound

from app.base import db, ecriture
from app.config import secrets_de_signature
from app.domain.acces import est_archive, est_en_binome
from app.domain.annuaire import CARNET, carnet_de
from app.domain.dates import instant, jour_paris
from app.domain.oubli import oublier
from app.models import Cahier, Entretien, Feuille, Personne, Piece, RendezVous
from app.securite.portier import compte
from app.views import structure_entiere
from sync import scelle
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.fiches import lire_cahiers, lire_dossiers
from sync.operation import lire_operation
from sync.portee import requete_cahiers_tenus, requete_siens, requete_visibles
from sync.reference import reference

Dossier = dict[str, Any]
Contexte = dict[str, Any]

# Qui voit toute la structure ne la relit pas entière à chaque page : la liste s'arrête là, la recherche la dépasse.
LISTE_MAX = 200


def acteur() -> Acteur:
    """Qui agit, selon la session et elle seule."""
    qui = compte()
    return Acteur(qui.structure_id, qui.utilisateur_id, qui.role, qui.appareil_id, maintenant(), "bureau")


def maintenant() -> dt.datetime:
    """Un seul « maintenant » par requête : deux calculs d'une même page ne se contredisent pas."""
    if "maintenant" not in g:
        g.maintenant = dt.datetime.now(dt.UTC)
    present: dt.datetime = g.maintenant
    return present


def aujourd_hui() -> str:
    """Le jour qu'il est à Paris."""
    return jour_paris(instant(maintenant()))


def contexte() -> Contexte:
    """Le contexte des modèles de vue et des lectures de formulaire."""
    qui, heure = compte(), instant(maintenant())
    return {
        "aujourd_hui": aujourd_hui(),
        "maintenant": heure,
        "utilisateur": {"id": qui.utilisateur_id, "nom": qui.nom, "prenom": qui.prenom, "role": qui.role},
        "reference": reference(db.session(), acteur()),
        "attente": None,
        "dernier_echange": None,
        "nouvel_identifiant": lambda: str(uuid7()),
    }


def file_active() -> list[Dossier]:
    """Les dossiers que la personne suit elle-même, et ceux qu'on lui prête."""
    qui = compte()
    siens = db.session.scalars(requete_siens(qui.structure_id, qui.utilisateur_id, acteur().jour))
    return _lire(list(siens))


def personnes_suivies() -> list[Dossier]:
    """Les personnes de sa file active, et elles seules : ce que son téléphone en tiendrait."""
    return [dossier["personne"] for dossier in file_active()]


def agenda() -> list[dict[str, Any]]:
    """Les rendez-vous proposés de sa file active, d'aujourd'hui et après : les heures déjà prises."""
    qui = compte()
    r, siens = RendezVous, requete_siens(qui.structure_id, qui.utilisateur_id, acteur().jour)
    requete = select(r.debut, r.duree).where(
        r.structure_id == qui.structure_id,
        r.personne_id.in_(siens),
        r.statut == "propose",
        r.debut >= maintenant() - dt.timedelta(days=1),
    )
    return [{"debut": instant(debut), "duree": duree} for debut, duree in db.session.execute(requete)]


@dataclass(frozen=True)
class Liste:
    """Des dossiers à montrer. `trouves` : combien répondent ; `total` : combien sont visibles en tout ; `conventions` :
    celles de la structure, quand tous les dossiers n'ont pas été lus.
    """

    dossiers: list[Dossier]
    trouves: int
    total: int
    conventions: list[str] | None = None


def liste(filtres: dict[str, Any] | None = None) -> Liste:
    """Les dossiers visibles ; pour qui voit toute la structure, ceux qui répondent aux filtres (`q`, `conventions`,
    `retard`), lus jusqu'à `LISTE_MAX`. Un retard se juge sur le dossier ouvert : rien n'est coupé avant.
    """
    qui = compte()
    visibles = requete_visibles(qui.structure_id, qui.utilisateur_id, qui.role, acteur().jour)
    if visibles is None:
        return Liste([], 0, 0)
    if not acteur().voit_tout:
        lus = _lire(list(db.session.scalars(visibles)))
        return Liste(lus, len(lus), sum(1 for lu in lus if not est_archive(lu)))
    voulus = filtres or {}
    jour, retard = jour_paris(instant(maintenant())), bool(voulus.get("retard"))
    trouvees, total = structure_entiere.trouver(
        db.session(), qui.structure_id, qui.role, jour, voulus.get("q", ""), voulus.get("conventions", ()), retard
    )
    connues = structure_entiere.conventions(db.session(), qui.structure_id)
    return Liste(_lire(trouvees if retard else trouvees[:LISTE_MAX]), len(trouvees), total, connues)


def dossier(personne_id: str) -> Dossier:
    """Le dossier, ou 404 : inconnu et interdit ont la même réponse."""
    qui = compte()
    visibles = requete_visibles(qui.structure_id, qui.utilisateur_id, qui.role, acteur().jour)
    if visibles is None:
        raise NotFound
    personne_id = _qui_reste(qui.structure_id, personne_id)
    colonne = visibles.selected_columns[0]
    if db.session.execute(visibles.where(colonne == personne_id)).first() is None:
        raise NotFound
    return _lire([personne_id])[0]


def dossier_suivi(personne_id: str) -> Dossier:
    """Le même, pour en changer la situation ou les mesures : qui n'y est qu'en binôme n'en lit rien, et a 404."""
    lu = dossier(personne_id)
    if est_en_binome(lu):
        raise NotFound
    return lu


def _qui_reste(structure_id: str, personne_id: str) -> str:
    """Le dossier où se lit celui-ci : le sien, ou celui auquel il a été réuni."""
    suivant: str | None = personne_id
    while suivant:
        personne_id = suivant
        requete = select(Personne.fusionnee_dans)
        suivant = db.session.scalar(requete.where(Personne.structure_id == structure_id, Personne.id == personne_id))
    return personne_id


def dossier_du_rendez_vous(rendez_vous_id: str) -> Dossier:
    return _dossier_de(RendezVous, rendez_vous_id)


def dossier_de_l_entretien(entretien_id: str) -> Dossier:
    return _dossier_de(Entretien, entretien_id)


def dossier_de_la_piece(piece_id: str) -> Dossier:
    return _dossier_de(Piece, piece_id)


def cahiers() -> list[Dossier]:
    """Les cahiers d'équipe que la personne tient elle-même."""
    qui = compte()
    tenus = list(db.session.scalars(requete_cahiers_tenus(qui.structure_id, qui.utilisateur_id, acteur().jour)))
    lus = lire_cahiers(db.session(), qui.structure_id, tenus).values()
    return [oublier(lu, aujourd_hui()) for lu in lus]


def carnet_d_annuaire() -> Dossier | None:
    """Ce que l'équipe a noté des services, pour qui lit l'annuaire, qu'il le tienne ou non : il n'y est question de
    personne.
    """
    siens = select(Cahier.id).where(Cahier.structure_id == compte().structure_id, Cahier.genre == CARNET)
    lus = lire_cahiers(db.session(), compte().structure_id, list(db.session.scalars(siens)))
    return carnet_de(list(lus.values()))


def actions_de(dossier: Dossier) -> list[Dossier]:
    """Les actions où cette personne est, ou a été, inscrite, qui que ce soit qui les tienne."""
    f, siens = Feuille, [dossier["personne"]["id"], *dossier["personne"].get("reunis", ())]
    requete = select(f.cahier_id).where(
        f.structure_id == compte().structure_id,
        f.forme == "inscription",
        f.retiree_le.is_(None),
        or_(*(cast(f.valeurs, Text).contains(sien) for sien in siens)),
    )
    lus = lire_cahiers(db.session(), compte().structure_id, set(db.session.scalars(requete))).values()
    return [oublier(lu, aujourd_hui()) for lu in lus]


def cahier_de_la_feuille(feuille_id: str) -> Dossier:
    """Le cahier, tenu par la personne, où est cette feuille ; sinon 404, comme d'une feuille inconnue."""
    qui = compte()
    f, tenus = Feuille, requete_cahiers_tenus(qui.structure_id, qui.utilisateur_id, acteur().jour)
    requete = select(f.cahier_id).where(f.structure_id == qui.structure_id, f.id == feuille_id, f.cahier_id.in_(tenus))
    cahier_id = db.session.scalar(requete)
    if cahier_id is None:
        raise NotFound
    return oublier(lire_cahiers(db.session(), qui.structure_id, [cahier_id])[cahier_id], aujourd_hui())


def dossier_du_formulaire() -> Dossier:
    """Le dossier que nomme le champ caché d'un formulaire."""
    try:
        return dossier(str(UUID(request.form.get("dossier", ""))))
    except ValueError:
        raise NotFound from None


def identites() -> list[Dossier]:
    """Les personnes visibles, sans leur histoire : assez pour reconnaître quelqu'un."""
    qui = compte()
    visibles = requete_visibles(qui.structure_id, qui.utilisateur_id, qui.role, acteur().jour)
    if visibles is None:
        return []
    if not acteur().voit_tout:
        return [connu["personne"] for connu in _lire(list(db.session.scalars(visibles)))]
    return structure_entiere.identites(db.session(), qui.structure_id, qui.role)


def fiche(liste: Sequence[Dossier], identifiant: str) -> Dossier:
    """La fiche de cet identifiant dans une liste d'un dossier, ou 404."""
    trouvee = next((candidate for candidate in liste if candidate["id"] == identifiant), None)
    if trouvee is None:
        raise NotFound
    return trouvee


def saisie() -> dict[str, str | list[str]]:
    """Les champs du formulaire reçu : un texte, ou une liste quand le champ est venu plusieurs fois."""
    return {
        nom: valeurs[0] if len(valeurs) == 1 else valeurs
        for nom, valeurs in request.form.lists()
        if nom != "csrf_token"
    }


class Refusee(Exception):
    """Le serveur a refusé une des opérations ; aucune n'est enregistrée. `erreurs` : {champ: message}."""

    def __init__(self, erreurs: dict[str, str]) -> None:
        super().__init__(", ".join(erreurs))
        self.erreurs = erreurs


def enregistrer(operations: Sequence[dict[str, Any]]) -> bool:
    """Applique toutes les opérations d'un formulaire, ou aucune. Lève `Refusee`.

    Vrai : c'est reçu, et quelqu'un avait noté autre chose que la page ne montrait pas ; c'est à régler.
    """
    if not operations:
        return False
    statuts = set()
    qui, heure = acteur(), instant(maintenant())
    lues = [lire_operation({**operation, "heure": heure, "compteur": 0}) for operation in operations]
    with ecriture() as session:
        scelle.assurer_cle(session, qui.structure_id, secrets_de_signature(current_app.config)[0], qui.maintenant)
        for resultat in appliquer(session, qui, lues):
            statut = resultat.premier if isinstance(resultat.premier, str) else resultat.statut
            if statut in {"refused", "held"}:
                raise Refusee({champ: " ".join(messages) for champ, messages in resultat.erreurs.items()})
            statuts.add(statut)
    return "conflict" in statuts


def _dossier_de(modele: type[RendezVous] | type[Entretien] | type[Piece], identifiant: str) -> Dossier:
    personne_id = db.session.scalar(
        select(modele.personne_id).where(modele.structure_id == compte().structure_id, modele.id == identifiant)
    )
    if personne_id is None:
        raise NotFound
    return dossier(personne_id)


def _lire(personne_ids: list[str]) -> list[Dossier]:
    qui = compte()
    lus = lire_dossiers(db.session(), qui.structure_id, personne_ids, qui.utilisateur_id, qui.role)
    return [lus[personne_id] for personne_id in personne_ids if personne_id in lus]
