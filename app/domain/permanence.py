"""Les permanences : les créneaux d'un lieu qui reviennent, calculés et jamais gardés.

Une permanence est `{"id", "lieu", "jour" (0 lundi), "semaines" (1 ou 2), "de", "a" ("09:00"), "pas" (minutes), "du",
"au" (None : sans fin)}`. Miroir : static/js/domain/permanence.js, mêmes cas dans tests/corpus/permanence.json.
"""

from collections.abc import Sequence

from app.domain import dates
from app.domain.jours_ouvres import est_ferie
from app.domain.personne import Fiche

HORIZON_JOURS = 60


def creneaux(permanences: Sequence[Fiche], pris: Sequence[Fiche], maintenant: str, nombre: int) -> list[Fiche]:
    """Les `nombre` premiers créneaux libres après maintenant, `[{debut, jour, heure, duree, lieu}]`.

    `pris` : des rendez-vous, dont seuls les proposés occupent leur heure. Ni jour férié, ni deux créneaux à la fois.
    """
    jour = dates.jour_paris(maintenant)
    trouves: list[Fiche] = []
    for _ in range(HORIZON_JOURS):
        for permanence in _du_jour(permanences, jour):
            trouves += [
                creneau
                for creneau in _de_la_permanence(permanence, jour)
                if creneau["debut"] > maintenant
                and not any(_se_croisent(creneau, autre) for autre in [*trouves, *pris])
            ]
        if len(trouves) >= nombre:
            break
        jour = dates.ajouter_jours(jour, 1)
    return sorted(trouves, key=lambda creneau: str(creneau["debut"]))[:nombre]


def se_tient(permanence: Fiche, jour: str) -> bool:
    """Cette permanence a-t-elle lieu ce jour-là ? Une semaine sur deux se compte depuis sa première fois."""
    if jour < permanence["du"] or (permanence["au"] and jour > permanence["au"]) or est_ferie(jour):
        return False
    if dates.jour_de_semaine(jour) != permanence["jour"]:
        return False
    attente = (permanence["jour"] - dates.jour_de_semaine(permanence["du"])) % 7
    premiere = dates.ajouter_jours(permanence["du"], attente)
    return dates.jours_entre(premiere, jour) // 7 % int(permanence["semaines"]) == 0


def _du_jour(permanences: Sequence[Fiche], jour: str) -> list[Fiche]:
    tenues = [permanence for permanence in permanences if se_tient(permanence, jour)]
    return sorted(tenues, key=lambda permanence: (permanence["de"], permanence["id"]))


def _de_la_permanence(permanence: Fiche, jour: str) -> list[Fiche]:
    debut, fin, pas = en_minutes(permanence["de"]), en_minutes(permanence["a"]), permanence["pas"]
    heures = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(debut, fin - pas + 1, pas)]
    commun = {"jour": jour, "duree": pas, "lieu": permanence["lieu"]}
    return [{"debut": dates.instant_de(jour, heure), "heure": heure, **commun} for heure in heures]


def _se_croisent(creneau: Fiche, autre: Fiche) -> bool:
    """Deux rendez-vous du même jour se chevauchent-ils, à l'heure de Paris ?"""
    if autre.get("statut", "propose") != "propose" or dates.jour_paris(autre["debut"]) != creneau["jour"]:
        return False
    debut, commence = en_minutes(creneau["heure"]), en_minutes(dates.heure_paris(autre["debut"]))
    return debut < commence + (autre["duree"] or creneau["duree"]) and commence < debut + int(creneau["duree"])


def en_minutes(heure: str) -> int:
    """« 09:30 » → 570."""
    return int(heure[:2]) * 60 + int(heure[3:])
