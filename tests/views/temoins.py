"""Un dossier rempli de témoins : chaque donnée y porte une valeur inventée que l'on ne trouve nulle part ailleurs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.base import db, ecrire
from app.domain import nomenclatures
from app.domain.champs_personne import catalogue
from app.domain.formes import Forme, charger
from app.domain.francais import quantieme
from app.models import Desaccord, Entretien, Utilisateur
from sync.acces import donner
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation
from tests.bases import ecrire as ecrire_directement
from tests.views.conftest import Equipe
from tests.views.faits import avec_convention, dans, un_id

# « sorte.champ » : ce que nomme une ligne de lecteurs.toml.
Cle = str
ESPACES = re.compile(r"[\s\u00a0\u202f]+")
# Plus court, le libellé d'un code se lirait partout.
LIBELLE_MIN = 11


@dataclass
class Temoins:
    """Les valeurs inventées, et ce qui les ferait reconnaître dans une page : `textes`, ou le libellé d'un code, que
    seule une page sans formulaire peut trahir."""

    textes: dict[Cle, list[str]] = field(default_factory=dict)
    libelles: dict[Cle, str] = field(default_factory=dict)
    _rangs: Iterator[int] = field(default_factory=lambda: count(100))

    def texte(self, cle: Cle) -> str:
        return self._retenir(cle, f"zq{next(self._rangs)}x")

    def jour(self, cle: Cle) -> str:
        """Un jour d'un mois qui n'est qu'à lui ; les suivants viennent après."""
        rang = next(self._rangs)
        lu = dt.date(1980 + rang // 12, 1 + rang % 12, 11 + rang % 17).isoformat()
        chiffres = "/".join(reversed(lu.split("-")))
        self.textes.setdefault(cle, []).extend([lu, chiffres, ESPACES.sub("", quantieme(lu))])
        return lu

    def numero(self, cle: Cle) -> str:
        return self._retenir(cle, f"0698{next(self._rangs):06d}")

    def code(self, cle: Cle, liste: str) -> str:
        choisi = list(nomenclatures.codes(liste))[-1]
        libelle = nomenclatures.libelle(liste, choisi)
        if len(libelle) >= LIBELLE_MIN:
            self.libelles[cle] = ESPACES.sub("", libelle)
        return choisi

    def trace(self, cle: Cle) -> str:
        trace = f"M{next(self._rangs)} 7 {next(self._rangs)} 9"
        self._retenir(cle, ESPACES.sub("", trace))
        return trace

    def _retenir(self, cle: Cle, valeur: str) -> str:
        self.textes.setdefault(cle, []).append(valeur)
        return valeur

    def lus(self, page: str, sans_formulaire: bool) -> set[Cle]:
        """Les données qui se reconnaissent dans ce qu'une page, ou une réponse, a montré."""
        serree = ESPACES.sub("", page)
        lus = {cle for cle, valeurs in self.textes.items() if any(valeur in serree for valeur in valeurs)}
        if sans_formulaire:
            lus |= {cle for cle, libelle in self.libelles.items() if libelle in serree}
        return lus

    @property
    def reconnaissables(self) -> set[Cle]:
        """Ce que l'on est sûr de voir là où cela se montre."""
        return set(self.textes)


@dataclass
class Dossier:
    """Le dossier témoin et ceux qui l'entourent. `comptes` : l'identifiant de chacun, par ce qu'il est au dossier."""

    app: Flask
    equipe: Equipe
    temoins: Temoins
    comptes: dict[str, str]
    personne: str = field(default_factory=un_id)
    mesures: list[str] = field(default_factory=list)
    rendez_vous: list[str] = field(default_factory=list)
    entretiens: list[str] = field(default_factory=list)
    pieces: dict[str, str] = field(default_factory=dict)

    def faire(self, genre: str, entite: str, champs: Mapping[str, Any], par: str = "référent", **plus: Any) -> str:
        role = {"chef": "chef_de_service"}.get(par, "conseiller")
        acteur = Acteur(self.equipe.structure_id, self.comptes[par], role, None, dt.datetime.now(dt.UTC))
        enveloppe = {"id": un_id(), "genre": genre, "entite": entite, "personne": self.personne, "heure": dans(0)}
        with self.app.app_context(), ecrire(db.engine) as session:
            (resultat,) = appliquer(session, acteur, [lire_operation({**enveloppe, "champs": dict(champs), **plus})])
        assert resultat.statut in ("applied", "merged", "conflict"), (genre, resultat)
        return resultat.statut


def un_dossier_temoin(app: Flask, equipe: Equipe) -> Dossier:
    """Tout ce qu'un dossier peut tenir : chaque champ, chaque forme, un désaccord, un retour, une correction."""
    avec_convention(app, equipe)
    dossier = Dossier(app, equipe, Temoins(), _comptes(app, equipe))
    _personne(dossier)
    _mesures(dossier)
    _rencontres(dossier)
    for code, decrite in charger().items():
        _piece(dossier, code, decrite)
    _partages(dossier)
    _ce_qui_change(dossier)
    return dossier


def _comptes(app: Flask, equipe: Equipe) -> dict[str, str]:
    comptes = {"référent": equipe.comptes["conseiller"], "chef": equipe.comptes["chef_de_service"]}
    with app.app_context(), ecrire_directement(db.engine) as session:
        modele = session.get_one(Utilisateur, (equipe.structure_id, comptes["référent"]))
        for nom in ("co-référent", "remplaçant", "binôme", "collègue"):
            comptes[nom] = equipe.comptes[nom] = un_id()
            session.add(
                Utilisateur(
                    structure_id=equipe.structure_id,
                    id=comptes[nom],
                    nom=f"Fictive-{nom}",
                    prenom="Dominique",
                    courriel=equipe.courriel(nom),
                    mot_de_passe=modele.mot_de_passe,
                    role="conseiller",
                    cree_le=modele.cree_le,
                )
            )
    return comptes


def _personne(dossier: Dossier) -> None:
    champs, temoins = {}, dossier.temoins
    for nom, champ in catalogue().items():
        cle = f"personne.{nom}"
        if nom == "accord_partage":
            continue
        if nom == "courriel":
            champs[nom] = f"{temoins.texte(cle)}@temoin.test"
        elif champ.genre == "texte":
            champs[nom] = temoins.texte(cle)
        elif champ.genre == "textes":
            champs[nom] = [temoins.texte(cle)]
        elif champ.genre == "jour":
            champs[nom] = temoins.jour(cle)
        elif champ.genre == "telephones":
            champs[nom] = [{"numero": temoins.numero(cle), "libelle": None}]
        elif champ.genre == "commune":
            champs[nom] = {"code": "54528", "nom": temoins.texte(cle)}
        elif champ.genre == "code":
            champs[nom] = "jour" if nom == "naissance_precision" else temoins.code(cle, champ.liste or "")
        elif champ.genre == "codes":
            champs[nom] = [temoins.code(cle, champ.liste or "")]
        else:
            champs[nom] = {"booleen": True, "entier": 2, "mois": "2026-10"}[champ.genre]
    dossier.faire("creer_personne", dossier.personne, {**champs, "date_effet": dans(-60)[:10]})


def _mesures(dossier: Dossier) -> None:
    t, ouverte, finie = dossier.temoins, un_id(), un_id()
    dates = {nom: t.jour(f"mesure.{nom}") for nom in ("orientee_le", "premier_contact_le", "entree_le", "sortie_le")}
    sortie, motif = dates.pop("sortie_le"), "suspension_incarceration"
    faits = {
        "convention": "DSP-TDL",
        "prescripteur": t.texte("mesure.prescripteur"),
        "modalite": "mobilisation_sociale",
    }
    dossier.faire("ouvrir_mesure", ouverte, {"convention": "DSP-TDL", "orientee_le": dans(-60)[:10]})
    dossier.faire("ouvrir_mesure", finie, {**faits, **dates})
    ecart = {"sortie_le": sortie, "sortie_motif": motif, "calculee_le": sortie, "ecart": t.texte("mesure.sortie_ecart")}
    dossier.faire("prononcer_sortie", finie, ecart)
    t.libelles["mesure.sortie_motif"] = ESPACES.sub("", nomenclatures.libelle("motif_sortie", motif))
    dossier.mesures += [ouverte, finie]


def _rencontres(dossier: Dossier) -> None:
    t, rendez_vous, entretien = dossier.temoins, un_id(), un_id()
    prevu = {"mesure_id": dossier.mesures[0], "debut": dans(8), "duree": 45, "lieu": t.texte("rendez_vous.lieu")}
    dossier.faire("proposer_rendez_vous", rendez_vous, prevu)
    ecrit = {nom: t.texte(f"entretien.{nom}") for nom in ("lieu", "synthese", "note_personnelle")}
    t.libelles["entretien.demarches"] = ESPACES.sub("", nomenclatures.libelle("demarche", "lien_social"))
    faits = {
        "mesure_id": dossier.mesures[0],
        "moyen": "visite",
        "demarches": [{"famille": "lien_social", "nature": None}],
    }
    dossier.faire("noter_entretien", entretien, {**faits, **ecrit, "date": t.jour("entretien.date")})
    dossier.rendez_vous.append(rendez_vous)
    dossier.entretiens.append(entretien)
    transmis, note = un_id(), {"note_personnelle": t.texte("entretien_transmis.note")}
    dossier.faire("noter_entretien", transmis, {"date": dans(-3)[:10], "moyen": "sms", **note})
    dossier.faire("transmettre_note", transmis, {})
    coche = un_id()
    ecrit = {nom: t.texte(f"entretien_coche.{nom}") for nom in ("lieu", "synthese", "note_personnelle")}
    dossier.faire("noter_entretien", coche, {"date": dans(-4)[:10], "moyen": "visite", **ecrit})
    for identifiant in (transmis, coche):
        dossier.faire("modifier_entretien", identifiant, {"partagee": True}, par="chef")
        dossier.entretiens.append(identifiant)


def _piece(dossier: Dossier, code: str, decrite: Forme) -> None:
    champs = {c["nom"]: _valeur(dossier, f"{code}.{c['nom']}", c) for c in decrite["champs"]}
    dossier.pieces[code] = un_id()
    partagee = {"partagee": True} if decrite.get("partageable") else {}
    dossier.faire(f"noter_{code}", dossier.pieces[code], {**champs, **partagee, "mesure_id": dossier.mesures[0]})


def _valeur(dossier: Dossier, cle: Cle, champ: Mapping[str, Any]) -> Any:
    t, genre = dossier.temoins, champ["genre"]
    if genre in ("texte", "long"):
        return t.texte(cle)
    if genre == "jour":
        return t.jour(cle)
    if genre == "code":
        return t.code(cle, champ["liste"])
    if genre == "codes":
        return [t.code(cle, champ["liste"])]
    if genre in ("lignes", "grille"):
        ligne = {petit["nom"]: _valeur(dossier, cle, petit) for petit in champ["champs"]}
        return [ligne | ({"cle": next(iter(nomenclatures.codes(champ["liste"])))} if genre == "grille" else {})]
    if genre == "fiche":
        return dossier.rendez_vous[0]
    if genre == "signature":
        return t.trace(cle)
    return {"booleen": True, "entier": 1, "mois": "2026-10", "heures": 75}[genre]


def _partages(dossier: Dossier) -> None:
    with dossier.app.app_context(), ecrire_directement(db.engine) as session:
        donner(session, dossier.equipe.structure_id, [(dossier.comptes["co-référent"], dossier.personne)])
    pret = {"utilisateur": dossier.comptes["remplaçant"], "motif": "remplacement", "jusqu_au": dans(30)[:10]}
    dossier.faire("partager_dossier", un_id(), pret)
    dossier.faire("partager_dossier", un_id(), {"utilisateur": dossier.comptes["binôme"], "motif": "binome"})
    accorder(dossier, True)
    t, sien = dossier.temoins, un_id()
    ecrit = {nom: t.texte(f"entretien_du_binome.{nom}") for nom in ("lieu", "synthese", "note_personnelle")}
    dossier.faire("noter_entretien", sien, {"date": dans(-1)[:10], "moyen": "visio", **ecrit}, par="binôme")
    dossier.entretiens.append(sien)


def accorder(dossier: Dossier, oui: bool) -> None:
    accord = {"accord_partage": oui, "date_effet": dans(0)[:10]}
    dossier.faire("modifier_personne", dossier.personne, accord)


def _ce_qui_change(dossier: Dossier) -> None:
    t, personne = dossier.temoins, dossier.personne
    tue = {"mesure_id": dossier.mesures[0], "nature": "cdd", "debut": dans(-20)[:10]}
    dossier.pieces["fiche_non_cochee"] = un_id()
    employeur = {"employeur": t.texte("fiche_non_cochee.employeur")}
    dossier.faire("noter_etape", dossier.pieces["fiche_non_cochee"], {**tue, **employeur})
    motif = {"motif": t.texte("fiche_non_cochee.motif_de_retrait")}
    dossier.faire("retirer_etape", dossier.pieces["fiche_non_cochee"], motif)
    t.textes["fiche_changee.engagements_avant"] = t.textes.pop("contrat.engagements_personne")
    nouveaux = {"engagements_personne": t.texte("contrat.engagements_personne")}
    dossier.faire("modifier_contrat", dossier.pieces["contrat"], nouveaux)
    t.textes["suivi.adresse_avant"] = t.textes.pop("personne.adresse")
    adresse = {"adresse": t.texte("personne.adresse"), "date_effet": dans(-2)[:10]}
    dossier.faire("modifier_personne", personne, adresse)
    # Deux personnes ont changé la même chose, chacune sans avoir vu l'autre.
    for nom in ("courriel", "experiences"):
        fin = "@temoin.test" if nom == "courriel" else ""
        for par in ("chef", "co-référent"):
            valeur = {nom: t.texte(f"suivi.{nom}_en_desaccord") + fin, "date_effet": dans(0)[:10]}
            dossier.faire("modifier_personne", personne, valeur, par=par, base=1)
    with dossier.app.app_context():
        assert len(db.session.scalars(select(Desaccord.id)).all()) == 2
    retour = {"fiche_type": "entretien", "remarque": t.texte("suivi.remarque_du_chef")}
    base = _version(dossier, dossier.entretiens[0])
    dossier.faire("retourner_fiche", dossier.entretiens[0], retour, par="chef", base=base)


def _version(dossier: Dossier, entretien: str) -> int:
    with dossier.app.app_context():
        return db.session.get_one(Entretien, (dossier.equipe.structure_id, entretien)).sequence
