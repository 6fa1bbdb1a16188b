"""Qui suit quoi, dans les dossiers d'un lot : les référents jour par jour, et les files actives qui en découlent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import and_, select

from app.models import Acces, MesureReferent, Utilisateur
from sync.etat import MESURE, PARTAGE, PERSONNE, Etat, Ligne, table

REFERENT, ACCES = table(MesureReferent), table(Acces)


class Attributions:
    """Lues une fois par lot, au premier besoin, quel que soit le nombre de mesures confiées."""

    def __init__(self, etat: Etat) -> None:
        self._etat = etat
        self._roles: dict[str, str] | None = None
        self._referents: dict[str, dict[dt.date, str]] | None = None
        self._acces: dict[tuple[str, str], Ligne] = {}

    def roles(self) -> dict[str, str]:
        """Le rôle de chaque compte ouvert de la structure."""
        if self._roles is None:
            requete = select(Utilisateur.id, Utilisateur.role).where(
                Utilisateur.structure_id == self._etat.structure_id, Utilisateur.actif.is_(True)
            )
            self._roles = {ligne.id: ligne.role for ligne in self._etat.session.execute(requete)}
        return self._roles

    def referent_depuis(self, mesure_id: str, jour: dt.date) -> dt.date | None:
        """Le jour où le référent de `jour` l'est devenu."""
        return max((debut for debut in self._lire()[mesure_id] if debut <= jour), default=None)

    def confier(
        self, mesure: Ligne, nouveau: str, jour: dt.date, version: int, maintenant: dt.datetime, aujourd_hui: dt.date
    ) -> None:
        """Inscrit le référent à partir de `jour` et accorde les files actives. Ce qui était prévu après lui revient."""
        suivis = self._lire()[mesure["id"]]
        anciens = set(suivis.values()) - {nouveau}
        for debut in [jour, *(prevu for prevu in suivis if prevu > jour)]:
            suivis[debut] = nouveau
            self._etat.dater(MesureReferent, mesure_id=mesure["id"], jour=debut, utilisateur_id=nouveau)
        self._ouvrir(nouveau, mesure["personne_id"], version, aujourd_hui)
        for ancien in sorted(anciens):
            self._refermer(ancien, mesure["personne_id"], version, maintenant, aujourd_hui)

    def _ouvrir(self, utilisateur_id: str, personne_id: str, version: int, aujourd_hui: dt.date) -> None:
        deja = self._acces.get((utilisateur_id, personne_id))
        if deja is None or not en_cours(deja, aujourd_hui):
            self._poser(utilisateur_id, personne_id, sequence=version, actif=True, jusqu_au=None, perdu_le=None)
        elif deja["jusqu_au"] is not None:
            self._poser(utilisateur_id, personne_id, **_sans_cle(deja) | {"jusqu_au": None})
        # Devenu le sien, le dossier ne lui est plus prêté.
        for partage in list(self._etat.lignes(PARTAGE)):
            a_lui = (partage["personne_id"], partage["utilisateur_id"]) == (personne_id, utilisateur_id)
            if a_lui and partage["fin_le"] is None:
                self._etat.changer(PARTAGE, partage["id"], fin_le=aujourd_hui, sequence=version)

    def _refermer(
        self, utilisateur_id: str, personne_id: str, version: int, maintenant: dt.datetime, aujourd_hui: dt.date
    ) -> None:
        """Un ancien référent garde le dossier tant qu'il en suit encore une mesure."""
        deja = self._acces.get((utilisateur_id, personne_id))
        if deja is None or not en_cours(deja, aujourd_hui):
            return
        dernier = self._dernier_jour(utilisateur_id, personne_id, aujourd_hui)
        if dernier == dt.date.max:
            return
        if dernier is not None and dernier >= aujourd_hui:
            self._poser(utilisateur_id, personne_id, **_sans_cle(deja) | {"jusqu_au": dernier})
        else:
            perdu = {"sequence": version, "actif": False, "jusqu_au": None, "perdu_le": maintenant}
            self._poser(utilisateur_id, personne_id, **perdu)

    def _dernier_jour(self, utilisateur_id: str, personne_id: str, aujourd_hui: dt.date) -> dt.date | None:
        """Jusqu'à quand il suit une mesure ouverte de ce dossier ; `date.max` : sans terme."""
        derniers = []
        for mesure in self._etat.lignes(MESURE):
            finie = mesure["sortie_le"] is not None and mesure["sortie_le"] < aujourd_hui
            if mesure["personne_id"] != personne_id or finie:
                continue
            suivis = self._lire()[mesure["id"]]
            jours = sorted(suivis)
            for debut, suivant in zip(jours, [*jours[1:], None], strict=True):
                if suivis[debut] == utilisateur_id:
                    derniers.append(suivant - dt.timedelta(days=1) if suivant else dt.date.max)
        return max(derniers, default=None)

    def _poser(self, utilisateur_id: str, personne_id: str, **valeurs: object) -> None:
        ligne = {"utilisateur_id": utilisateur_id, "personne_id": personne_id, **valeurs}
        self._acces[utilisateur_id, personne_id] = ligne
        self._etat.dater(Acces, **ligne)

    def _lire(self) -> dict[str, dict[dt.date, str]]:
        if self._referents is not None:
            return self._referents
        etat, structure_id = self._etat, self._etat.structure_id
        personnes = sorted(personne["id"] for personne in etat.lignes(PERSONNE))
        etat.charger(MESURE, personnes, "personne_id")
        etat.charger(PARTAGE, personnes, "personne_id")
        referents: dict[str, dict[dt.date, str]] = defaultdict(dict)
        requete = (
            select(REFERENT.c.mesure_id, REFERENT.c.jour, REFERENT.c.utilisateur_id)
            .join(MESURE, and_(MESURE.c.structure_id == REFERENT.c.structure_id, MESURE.c.id == REFERENT.c.mesure_id))
            .where(REFERENT.c.structure_id == structure_id, MESURE.c.personne_id.in_(personnes))
        )
        for mesure_id, jour, utilisateur_id in etat.session.execute(requete):
            referents[mesure_id][jour] = utilisateur_id
        lignes = etat.session.execute(
            select(ACCES).where(ACCES.c.structure_id == structure_id, ACCES.c.personne_id.in_(personnes))
        ).mappings()
        self._acces = {(ligne["utilisateur_id"], ligne["personne_id"]): dict(ligne) for ligne in lignes}
        # Ce que les opérations d'avant, dans ce lot, n'ont pas encore porté en base.
        for ligne in etat.a_dater(MesureReferent):
            referents[ligne["mesure_id"]][ligne["jour"]] = ligne["utilisateur_id"]
        for ligne in etat.a_dater(Acces):
            self._acces[ligne["utilisateur_id"], ligne["personne_id"]] = ligne
        self._referents = referents
        return referents


def en_cours(acces: Ligne, jour: dt.date) -> bool:
    return bool(acces["actif"]) and (acces["jusqu_au"] is None or acces["jusqu_au"] >= jour)


def _sans_cle(acces: Ligne) -> Ligne:
    return {nom: acces[nom] for nom in ("sequence", "actif", "jusqu_au", "perdu_le")}
