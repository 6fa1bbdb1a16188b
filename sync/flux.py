"""Le flux : les fiches d'une file active qui ont changé depuis un curseur, par pages bornées en octets.

Un *tour* va d'un numéro à celui de la base au début du tour. Ses pages suivent l'ordre des dossiers. Ce qui change
pendant le tour porte un numéro plus grand que sa borne : le tour suivant l'envoie, même si une page l'a déjà montré.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Date, Select, String, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.instruction import Instruction
from sync import curseur as curseurs
from sync.acteur import ROLES_STRUCTURE_ENTIERE, Acteur
from sync.bilans import bilans as calculer_bilans
from sync.bilans import bilans_de_cahiers
from sync.cahiers import Tenus, tenus
from sync.curseur import Curseur
from sync.etat import PERSONNE
from sync.fiches import TOMBE, Choix, compter_fiches, lire_fiches
from sync.fiches.cahier import compter_fiches_de_cahiers, lire_fiches_de_cahiers
from sync.lecteur import tournes
from sync.portee import commence, en_cours, requete_siens, titres
from sync.sequence import Repere, Tete, derniere
from sync.tableaux import Creations, Tableau, en_tableaux

LIMITE_OCTETS = 256 * 1024
# Les dossiers entiers d'une première lecture ; chaque lecture suivante de la même page en prend le double.
DOSSIERS_PAR_LECTURE = 16

# Les octets d'un entretien sans son texte, ou d'un contrôle ; et d'une démarche.
POIDS_FICHE, POIDS_DEMARCHE = 400, 60

# Ce que chacun lit d'un dossier a changé de règle : un curseur d'avant n'en sait rien.
DROITS = 1

# Avant tout prêt : pour un curseur qui ne dit pas son jour.
JOUR_ZERO = dt.date(1900, 1, 1)


@dataclass(slots=True)
class Page:
    """Une page du flux. `fiches` sont déjà du JSON ; demandées en `tableaux`, c'est là qu'elles sont.

    `repartir` : le curseur reçu ne vaut plus rien ici ; `restauree` : parce que la base n'est plus celle qui l'avait
    donné. `a_reprendre` : les dossiers de cette page dont le bilan différait, None si rien n'a été comparé.
    """

    fiches: list[msgspec.Raw]
    tableaux: list[Tableau]
    retraits: list[str]
    tombes: list[dict[str, Any]]
    curseur: str
    suite: bool
    restant: int
    repartir: bool
    restauree: bool = False
    sauvegarde: dt.datetime | None = None
    a_reprendre: list[str] | None = None


def page(
    session: Session,
    acteur: Acteur,
    curseur: str | None,
    limite_octets: int = LIMITE_OCTETS,
    bilans: Mapping[str, str] | None = None,
    tableaux: Creations | None = None,
    entre: tuple[str, str | None] | None = None,
) -> Page:
    """La page suivante pour cet utilisateur : au moins un dossier, au plus `limite_octets` environ.

    `bilans` : ce que l'appareil tient de ses dossiers ; ceux qui diffèrent reviennent entiers, autant que la page en
    prend ; `entre` : les bornes où il n'en tient pas d'autre. `tableaux` : ranger la page, sans redire ce que ces
    opérations viennent d'apporter.
    """
    recu = curseurs.lire(curseur)
    jour = acteur.jour
    tete = derniere(session, acteur.structure_id, recu.borne if recu else 0)
    meme_base = recu is not None and _meme_base(recu, tete)
    if recu is not None and meme_base and _pour_lui(recu, acteur):
        lu = recu
    else:
        lu = Curseur(tete.generation, acteur.utilisateur_id, acteur.role, droits=DROITS)
    borne, repere = (tete.sequence, tete.repere) if lu.jusqu_a is None else (lu.jusqu_a, tete.a_la_borne)
    # Un prêt qui finit à minuit entre deux pages sera retiré au tour suivant.
    jour_du_tour = jour if lu.dossier is None else lu.jour_du_tour
    a_envoyer = _dossiers_a_envoyer(session, acteur, lu, jour)
    bascules = _bascules(session, acteur, lu, jour)
    if bascules:
        a_envoyer = sorted({**dict.fromkeys(bascules, False), **dict(a_envoyer)}.items())
    cahiers = tenus(session, acteur, lu.depuis, lu.jour)
    a_envoyer = sorted(a_envoyer + cahiers.a_envoyer(lu.dossier or "")) if cahiers.changes else a_envoyer
    retraits = [*_retraits(session, acteur, lu, jour), *cahiers.perdus] if lu.dossier is None else []
    a_reprendre: set[str] | None = None
    if bilans is not None and lu is recu and lu.jusqu_a is None:
        changes = {personne_id for personne_id, _ in a_envoyer}
        a_reprendre, etrangers = _comparer(session, acteur, bilans, changes, entre, cahiers)
        a_envoyer = sorted(a_envoyer + [(personne_id, True) for personne_id in a_reprendre])
        retraits = sorted({*retraits, *etrangers})
    choisies: list[dict[str, Any]] = []
    encodees: list[msgspec.Raw] = []
    tombes: list[dict[str, Any]] = []
    octets = envoyes = 0
    dernier: str | None = None
    for personne_id, lues in _lire_dans_l_ordre(session, acteur, a_envoyer, lu.depuis, bascules, cahiers):
        fiches = [fiche for fiche in lues if fiche["type"] != TOMBE]
        siennes = [] if tableaux is not None else [msgspec.json.encode(fiche) for fiche in fiches]
        taille = sum(map(_poids, fiches)) if tableaux is not None else sum(map(len, siennes))
        if dernier is not None and octets + taille > limite_octets:
            break
        tombes += [
            {"type": fiche["de"], "id": fiche["id"], "personne_id": personne_id}
            for fiche in lues
            if fiche["type"] == TOMBE
        ]
        choisies += fiches
        encodees += map(msgspec.Raw, siennes)
        octets += taille
        dernier = personne_id
        envoyes += 1
    suite = envoyes < len(a_envoyer)
    pages: dict[str, Any] = {"depuis": borne, "jour": jour_du_tour, "droits": DROITS}
    if suite:
        pages = {
            "depuis": lu.depuis,
            "jusqu_a": borne,
            "dossier": dernier,
            "jour": lu.jour,
            "droits": lu.droits,
            "jour_du_tour": jour_du_tour,
        }
    suivant = Curseur(
        tete.generation,
        acteur.utilisateur_id,
        acteur.role,
        operation=repere.operation,
        rang=repere.rang,
        protocole=acteur.protocole,
        **pages,
    )
    return Page(
        fiches=encodees,
        tableaux=en_tableaux(choisies, tableaux) if tableaux is not None else [],
        retraits=retraits,
        tombes=tombes,
        curseur=curseurs.ecrire(suivant),
        suite=suite,
        restant=_compter(session, acteur, a_envoyer[envoyes:], lu.depuis, bascules, cahiers) if suite else 0,
        repartir=lu is not recu and curseur is not None,
        restauree=recu is not None and not meme_base,
        sauvegarde=tete.sauvegarde,
        a_reprendre=None
        if a_reprendre is None
        else [personne_id for personne_id, _ in a_envoyer[:envoyes] if personne_id in a_reprendre],
    )


def _pour_lui(lu: Curseur, acteur: Acteur) -> bool:
    """Ce qui a été lu l'a été pour cette personne, ce rôle, et dans tout ce que son protocole sait dire."""
    return (lu.lecteur, lu.role) == (acteur.utilisateur_id, acteur.role) and lu.protocole >= acteur.protocole


def _meme_base(lu: Curseur, tete: Tete) -> bool:
    """Ce curseur est-il d'ici ? Une base restaurée a une autre génération ; copiée sans elle, elle est en retard sur le
    curseur, ou l'a dépassé avec d'autres opérations. Un curseur d'avant ne nomme pas la sienne.
    """
    a_l_heure = lu.generation == tete.generation and lu.depuis <= lu.borne <= tete.sequence
    return a_l_heure and (lu.operation is None or Repere(lu.operation, lu.rang) == tete.a_la_borne)


def _siens() -> Any:
    structure: Any = bindparam("structure", type_=String)
    lecteur: Any = bindparam("lecteur", type_=String)
    return titres(structure, lecteur)


_JOUR: Any = bindparam("jour", type_=Date)
_DEPUIS_JOUR: Any = bindparam("depuis_jour", type_=Date)


def _requete_dossiers() -> Select[str, int]:
    siens = _siens()
    ouvert: Any = en_cours(siens, _JOUR)
    depuis: Any = bindparam("depuis")
    # Un titre donné ou repris peut changer ce qui se lit d'un dossier que les autres gardaient ouvert.
    change = siens.c.sequence > depuis
    deja_ouvert = and_(ouvert, ~or_(change, func.coalesce(siens.c.du > _DEPUIS_JOUR, False)))
    entier = func.min(case((deja_ouvert, 0), else_=1))
    return (
        select(siens.c.personne_id, entier)
        .join(
            PERSONNE,
            and_(PERSONNE.c.structure_id == bindparam("structure"), PERSONNE.c.id == siens.c.personne_id),
        )
        .where(or_(ouvert, change), siens.c.personne_id > bindparam("dossier"))
        .group_by(siens.c.personne_id, PERSONNE.c.sequence_dossier)
        .having(
            func.max(case((ouvert, 1), else_=0)) == 1,
            or_(entier == 1, func.max(case((change, 1), else_=0)) == 1, PERSONNE.c.sequence_dossier > depuis),
        )
        .order_by(siens.c.personne_id)
    )


def _requete_retraits() -> Select[str]:
    siens = _siens()
    ouvert = en_cours(siens, _JOUR)
    expire = and_(siens.c.actif, siens.c.jusqu_au < _JOUR, siens.c.jusqu_au >= _DEPUIS_JOUR)
    perdu = and_(commence(siens, _JOUR), or_(siens.c.sequence > bindparam("depuis"), expire))
    return (
        select(siens.c.personne_id)
        .group_by(siens.c.personne_id)
        .having(func.max(case((ouvert, 1), else_=0)) == 0, func.max(case((perdu, 1), else_=0)) == 1)
        .order_by(siens.c.personne_id)
    )


_DOSSIERS, _RETRAITS = Instruction(lambda _: _requete_dossiers()), Instruction(lambda _: _requete_retraits())


def _valeurs(acteur: Acteur, lu: Curseur, jour: dt.date) -> dict[str, Any]:
    return {
        "structure": acteur.structure_id,
        "lecteur": acteur.utilisateur_id,
        "depuis": lu.depuis,
        "depuis_jour": lu.jour or JOUR_ZERO,
        "jour": jour,
    }


def _dossiers_a_envoyer(session: Session, acteur: Acteur, lu: Curseur, jour: dt.date) -> list[tuple[str, bool]]:
    """Les dossiers de la file active qui ont du nouveau, dans l'ordre ; vrai : à envoyer en entier.

    En entier s'il n'était ouvert par aucun titre au dernier tour : tous ceux d'aujourd'hui sont neufs.
    """
    lus = _DOSSIERS.lire(session, **_valeurs(acteur, lu, jour), dossier=lu.dossier or "")
    return [(personne_id, bool(neuf)) for personne_id, neuf in lus]


def _bascules(session: Session, acteur: Acteur, lu: Curseur, jour: dt.date) -> set[str]:
    """Les dossiers tenus en binôme dont la lecture a changé depuis le dernier tour sans laisser de numéro.

    Par le calendrier, ou parce que ce curseur date d'avant ces règles : le téléphone a pu recevoir davantage.
    """
    if acteur.role in ROLES_STRUCTURE_ENTIERE or (lu.droits == DROITS and lu.jour == jour):
        return set()
    avant = lu.jour if lu.droits == DROITS else None
    changes = {cle for cle in tournes(session, acteur, avant, jour) if cle > (lu.dossier or "")}
    if not changes:
        return set()
    return changes & set(session.scalars(requete_siens(acteur.structure_id, acteur.utilisateur_id, jour)))


def _comparer(
    session: Session,
    acteur: Acteur,
    bilans: Mapping[str, str],
    changes: set[str],
    entre: tuple[str, str | None] | None,
    cahiers: Tenus,
) -> tuple[set[str], set[str]]:
    """Les dossiers dont le bilan n'est pas le nôtre, ou qui manquent, et ceux qui ne sont pas, ou plus, à elle.

    Un dossier qui change n'est pas comparé : ce qui lui manque arrive de toute façon.
    """
    dossiers = set(session.scalars(requete_siens(acteur.structure_id, acteur.utilisateur_id, acteur.jour)))
    siens = dossiers | cahiers.siens
    tranquilles = bilans.keys() & siens - changes
    notres = calculer_bilans(session, acteur, tranquilles & dossiers)
    notres |= bilans_de_cahiers(session, acteur, tranquilles & cahiers.siens) if cahiers.siens else {}
    differents = {cle for cle in tranquilles if notres.get(cle) != bilans[cle]}
    manquants = {cle for cle in siens - bilans.keys() - changes if entre and _est_entre(cle, *entre)}
    return differents | manquants, set(bilans) - siens


def _est_entre(cle: str, apres: str, jusqu_a: str | None) -> bool:
    return apres < cle and (jusqu_a is None or cle <= jusqu_a)


def _choix(acteur: Acteur, lot: list[tuple[str, bool]], depuis: int, bascules: set[str]) -> Choix:
    entiers = [personne_id for personne_id, neuf in lot if neuf]
    partiels = [personne_id for personne_id, neuf in lot if not neuf]
    return Choix(acteur.structure_id, entiers, partiels, depuis, bascules)


def _lire_dans_l_ordre(
    session: Session,
    acteur: Acteur,
    a_envoyer: list[tuple[str, bool]],
    depuis: int,
    bascules: set[str],
    cahiers: Tenus,
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Les dossiers et les cahiers, lus par lots : ce qui dépasserait la page ne doit pas être lu en vain."""
    for lot in _lots(a_envoyer):
        dossiers, de_cahiers = cahiers.trier(lot)
        choix, qui = _choix(acteur, dossiers, depuis, bascules), acteur.utilisateur_id
        lues = lire_fiches(session, choix, qui, acteur.role, acteur.protocole, acteur.jour) if dossiers else {}
        if de_cahiers:
            lues |= lire_fiches_de_cahiers(session, _choix(acteur, de_cahiers, depuis, set()))
        for personne_id, _ in lot:
            yield personne_id, lues.get(personne_id, [])


def _poids(fiche: dict[str, Any]) -> int:
    """Ce qu'une fiche pèse à peu près : l'encoder pour le savoir coûterait plus que l'écart."""
    if fiche["type"] == "entretien":
        return POIDS_FICHE + len(fiche["synthese"] or "") + POIDS_DEMARCHE * len(fiche["demarches"])
    return POIDS_FICHE if fiche["type"] == "controle" else len(msgspec.json.encode(fiche))


def _lots(a_envoyer: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    lot: list[tuple[str, bool]] = []
    permis, entiers = DOSSIERS_PAR_LECTURE, 0
    for dossier in a_envoyer:
        if entiers == permis:
            yield lot
            lot, permis, entiers = [], permis * 2, 0
        lot.append(dossier)
        entiers += dossier[1]
    if lot:
        yield lot


def _retraits(session: Session, acteur: Acteur, lu: Curseur, jour: dt.date) -> list[str]:
    """Les dossiers perdus depuis le dernier tour, par décision ou par le calendrier, et qu'aucun titre n'ouvre plus."""
    return [personne_id for (personne_id,) in _RETRAITS.lire(session, **_valeurs(acteur, lu, jour))]


def _compter(
    session: Session,
    acteur: Acteur,
    reste: list[tuple[str, bool]],
    depuis: int,
    bascules: set[str],
    cahiers: Tenus,
) -> int:
    """Les fiches encore à venir, pour une barre de progression qui dit vrai."""
    dossiers, de_cahiers = cahiers.trier(reste)
    choix = _choix(acteur, dossiers, depuis, bascules)
    nombre = compter_fiches(session, choix, acteur.utilisateur_id, acteur.role, acteur.protocole, acteur.jour)
    if de_cahiers:
        nombre += compter_fiches_de_cahiers(session, _choix(acteur, de_cahiers, depuis, set()))
    return nombre
