"""Ce que l'accompagnement a ajouté aux dossiers de la file active : chaque écran d'une pièce a quelque chose à montrer.

Rien n'y est tiré au sort : le rang du dossier décide, et l'on retrouve les mêmes histoires d'un essai à l'autre.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app.demonstration import recits
from app.demonstration.agenda import a_heure, jour_ouvre
from app.demonstration.cahier import Cahier
from app.demonstration.controles import JOURS
from app.demonstration.invention import Invention
from app.domain.formes import charger
from app.domain.indicateurs.periode import PARIS
from app.domain.nomenclatures import codes
from app.importation.controle import Nouvelle
from app.instruction import table
from app.models import Controle, Personne, Piece
from sync.regles.regle import identifiant_controle
from sync.sequence import reserver

Fait = tuple[str, dict[str, Any]]
# Une mesure, et ce qui s'y est passé : la forme et ses valeurs.
Ecrite = tuple[Nouvelle, str, dict[str, Any]]
_CONTRACTUALISENT: Final = ("ASP-NC", "DSP-TDL")
_SUSPENDU, _SAISI, _VISITE, _EXPIRE, _ORIENTE = 19, 29, 21, 30, 10
# Parmi ceux que l’on attend aujourd’hui : un contrat prêt, à emporter ; un autre fini depuis longtemps.
_A_EMPORTER, _EXPIRE_ATTENDU = 4, 0
_SIX_MOIS: Final = timedelta(182)


def noter_pieces(session: Session, structure_id: str, cahier: Cahier, maintenant: datetime, aujourd_hui: date) -> None:
    faits = [(n, *fait) for rang, n in enumerate(cahier.lot.mesures) for fait in _faits(cahier, n, rang, aujourd_hui)]
    ecrire_pieces(session, structure_id, cahier.invention, faits, maintenant)


def ecrire_pieces(
    session: Session, structure_id: str, invention: Invention, faits: Sequence[Ecrite], maintenant: datetime
) -> None:
    """Une pièce par fait passé ; celles des derniers jours attendent le chef de service."""
    aujourd_hui = maintenant.astimezone(PARIS).date()
    premier = reserver(session, structure_id, len(faits))
    pieces, controles, dossiers = [], [], {}
    for sequence, (mesure, forme, valeurs) in enumerate(faits, premier):
        fiche = invention.identifiant()
        jour: date = valeurs[charger()[forme]["jour"]]
        # Une action se date du jour où elle doit être faite, notée avant ; une semaine, de son lundi, notée après.
        decale = {"action": aujourd_hui - timedelta(12), "semaine": jour + timedelta(7)}
        note_le = min(a_heure(decale.get(forme, jour), time(17)), maintenant)
        commun = {
            "structure_id": structure_id,
            "personne_id": mesure.fiche.personne_id,
            "auteur_id": mesure.referent_id,
            "sequence": sequence,
        }
        pieces.append(
            commun
            | {
                "id": fiche,
                "mesure_id": mesure.fiche.id,
                "forme": forme,
                "jour": jour,
                "valeurs": {nom: _en_json(valeur) for nom, valeur in valeurs.items()},
                "partagee": False,
                "revisions": [],
                "note_le": note_le,
                "cree_le": note_le,
            }
        )
        dossiers[mesure.fiche.personne_id] = sequence
        if note_le.date() >= aujourd_hui - timedelta(JOURS):
            controles.append(
                commun
                | {
                    "id": identifiant_controle(structure_id, "piece", fiche),
                    "fiche_type": "piece",
                    "fiche_id": fiche,
                    "etat": "recue",
                    "recue_le": note_le,
                }
            )
    connexion = session.connection()
    connexion.execute(insert(table(Piece)), pieces)
    if controles:
        connexion.execute(insert(table(Controle)), controles)
    personnes = table(Personne)
    sienne = (personnes.c.structure_id == structure_id) & (personnes.c.id == bindparam("dossier"))
    connexion.execute(
        update(personnes).where(sienne).values(sequence_dossier=bindparam("jusqu_a")),
        [{"dossier": personne, "jusqu_a": sequence} for personne, sequence in dossiers.items()],
    )


def _faits(cahier: Cahier, mesure: Nouvelle, rang: int, aujourd_hui: date) -> Iterator[Fait]:
    entree, convention = mesure.valeurs.get("entree_le"), mesure.valeurs["convention"]
    if entree is None:
        return
    yield "information", {"sujet": "droits_devoirs", "le": entree}
    if convention == "DSP-TDL":
        yield "information", {"sujet": "fse", "le": entree}
        yield "eligibilite", {"nature": "inscription" if rang % 3 else "rsa", "vue_le": entree}
        yield "questionnaire_fse", {"moment": "entree", "le": entree, "situation": "chomage_longue_duree"}
    yield from _diagnostics(rang, entree, aujourd_hui)
    if convention in _CONTRACTUALISENT:
        yield from _contrats(rang, entree, aujourd_hui)
    yield from _parcours(rang, entree, convention, aujourd_hui)
    yield from _absences(cahier, mesure, rang, aujourd_hui)


def _diagnostics(rang: int, entree: date, aujourd_hui: date) -> Iterator[Fait]:
    if rang % 8 == 7:
        return
    choisis = recits.FREINS[rang % len(recits.FREINS)]
    # Dans l'ordre de la grille, comme le serveur les range.
    depart = {cle: 1 + (rang + poids) % 3 for poids, cle in enumerate(codes("frein")) if cle in choisis}
    projet, priorites = recits.PROJETS[rang % len(recits.PROJETS)]
    ecrit = {"atouts": ["motivation", recits.ATOUTS[rang % len(recits.ATOUTS)]], "projet": projet}
    freins = [{"cle": cle, "niveau": niveau, "etat": "releve"} for cle, niveau in depart.items()]
    yield (
        "diagnostic",
        {"moment": "entree", "jour": jour_ouvre(entree, apres=True), "freins": freins, "priorites": priorites} | ecrit,
    )
    if aujourd_hui - entree < timedelta(150):
        return
    # Chemin fait : le premier frein est levé, on travaille les autres.
    suite = [{"cle": cle, "niveau": max(1, niveau - 1), "etat": "travaille"} for cle, niveau in depart.items()]
    suite[0] |= {"etat": "leve"}
    jour = jour_ouvre(aujourd_hui - timedelta(12 + rang % 20), apres=False)
    yield "diagnostic", {"moment": "intermediaire", "jour": jour, "freins": suite} | ecrit
    yield (
        "bilan",
        {
            "sorte": "intermediaire",
            "jour": jour,
            "objectifs_atteints": "en_partie",
            "suites": "poursuite",
            "texte": recits.BILAN,
        },
    )


def _contrats(rang: int, entree: date, aujourd_hui: date) -> Iterator[Fait]:
    """L'un est fini sans suite, un sur onze attend d’être signé, et l’un de ceux que l’on reçoit aujourd’hui."""
    debut, sorte = jour_ouvre(entree + timedelta(14), apres=True), "premier"
    while debut <= aujourd_hui:
        signe = jour_ouvre(debut, apres=True)
        contrat: dict[str, Any] = {
            "type": "contrat_insertion",
            "sorte": sorte,
            "debut": debut,
            "fin": debut + _SIX_MOIS,
            "objectifs": [dict(zip(("objectif", "actions", "etat"), dit, strict=True)) for dit in recits.OBJECTIFS],
            "engagements_personne": "Venir aux rendez-vous, ou prévenir.",
            "engagements_structure": "Un entretien par mois au moins, et une réponse sous deux jours.",
        }
        en_cours = debut + _SIX_MOIS >= aujourd_hui
        if signe <= aujourd_hui and not (en_cours and (rang % 11 == 3 or rang == _A_EMPORTER)):
            contrat |= dict.fromkeys(("signe_personne_le", "signe_referent_le", "remis_le", "outil_le"), signe)
        yield "contrat", contrat
        if rang in (_EXPIRE, _EXPIRE_ATTENDU):
            return
        debut, sorte = debut + _SIX_MOIS + timedelta(1), "renouvellement"


def _parcours(rang: int, entree: date, convention: str, aujourd_hui: date) -> Iterator[Fait]:
    def il_y_a(jours: int) -> date:
        return max(entree, aujourd_hui - timedelta(jours))

    if convention == "ASP-DOM":
        demande = {"nature": "hebergement_siao", "aupres": "SIAO du Val-de-Fable", "statut": "en_cours"}
        accordee = {"statut": "accordee", "statut_le": il_y_a(9)} if rang % 4 == 1 else {}
        yield "demande", demande | {"deposee_le": il_y_a(60)} | accordee
        if rang % 3 == 0:
            appel = {"nature": "appel_115", "deposee_le": il_y_a(12), "statut_le": il_y_a(12)}
            yield "demande", appel | {"statut": "refusee" if rang % 2 else "accordee"}
    elif rang % 5 == 2:
        demande = {"nature": "logement", "aupres": "Habitat du Val-de-Fable", "statut": "en_cours"}
        yield "demande", demande | {"deposee_le": il_y_a(90)}
    elif rang % 10 == 4:
        accordee = {"nature": "fsl", "statut": "accordee", "deposee_le": il_y_a(40), "statut_le": il_y_a(11)}
        yield "demande", accordee
    if rang % 7 == 3:
        service, partenaire, motif = recits.ORIENTATIONS[rang % len(recits.ORIENTATIONS)]
        suivie = {"reponse": "venue", "reponse_le": il_y_a(6)} if rang % 2 else {"reponse": "en_attente"}
        vers = {"service": service, "partenaire": partenaire, "motif": motif, "moyen": "telephone"}
        yield "orientation_service", vers | {"le": il_y_a(17 if rang == _ORIENTE else 9)} | suivie
    if rang % 6 == 0:
        debut = il_y_a(35)
        pmsmp = {"nature": "pmsmp", "debut": debut, "fin": debut + timedelta(11), "employeur": "Atelier des Péripéties"}
        yield "etape", pmsmp | {"issue": "terminee"}
    if rang % 12 == 1:
        formation = {"debut": il_y_a(20), "fin": aujourd_hui + timedelta(50), "employeur": "Centre des Quatre-Récits"}
        yield "etape", {"nature": "formation_non_qualifiante"} | formation
    if rang % 3 == 1:
        quoi, famille = recits.ACTIONS[rang % len(recits.ACTIONS)]
        action = {"quoi": quoi, "qui": "ensemble", "famille": famille, "etat": "en_cours"}
        yield "action", action | {"pour_le": jour_ouvre(aujourd_hui + timedelta(5 + rang % 16), apres=True)}
    if rang == _VISITE:
        yield "visite", {"le": il_y_a(8), "lieu": "Chantier d’insertion Les Mots Semés", "texte": recits.VISITE}
    if rang == _SUSPENDU:
        yield "suspension", {"du": il_y_a(13), "motif": "sante"}


def _absences(cahier: Cahier, mesure: Nouvelle, rang: int, aujourd_hui: date) -> Iterator[Fait]:
    """Une relance le lendemain de chaque absence récente ; une saisine, pour qui n'a pas répondu."""
    for n in cahier.lot.rendez_vous:
        jour = n.valeurs["date"]
        recent = aujourd_hui - timedelta(90) <= jour < aujourd_hui - timedelta(3)
        if n.fiche.mesure_id == mesure.fiche.id and n.valeurs["statut"] == "absence_non_excusee" and recent:
            relance = {"le": jour_ouvre(jour + timedelta(1), apres=True), "rendez_vous_id": n.fiche.id}
            yield "relance", relance | {"moyen": ("courrier", "sms", "telephone")[rang % 3]}
    if rang == _SAISI:
        le = jour_ouvre(aujourd_hui - timedelta(9), apres=False)
        yield "saisine", {"le": le, "issue": "en_attente"} | recits.SAISINE


def _en_json(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur
