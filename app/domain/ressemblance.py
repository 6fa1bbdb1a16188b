"""« N'est-ce pas quelqu'un que l'on connaît déjà ? » : les personnes qui ressemblent à celle que l'on va créer.

On prévient, on n'empêche pas : deux personnes peuvent porter le même nom.
Miroir : static/js/domain/ressemblance.js, mêmes cas dans tests/corpus/personne.json.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.personne import Fiche, valeur
from app.domain.recherche import cle

# Un âge donné de mémoire se trompe d'autant.
_ANNEES_ESTIMEES = 3
# Ce que deux dates de naissance ont à voir, en mots.
_SUITES = {
    "meme": ", même date de naissance",
    "proche": ", date de naissance proche",
    "annee": ", même année de naissance",
    "autre": ", autre date de naissance",
    None: "",
}


@dataclass(frozen=True)
class Traits:
    """Ce qui se compare d'une personne. `designations` : ce que l'on a pu prendre pour un surnom, ou l'inverse."""

    nom: str
    prenom: str
    noms: frozenset[str]
    mots: frozenset[str]
    naissance: str
    precision: str
    numeros: frozenset[str]
    pseudonymes: frozenset[str]
    designations: frozenset[str]


def ressemblances(candidate: Fiche, personnes: Sequence[Fiche], aujourd_hui: str) -> list[dict[str, str]]:
    """`[{"id", "raison"}]`, les plus proches d'abord ; `candidate` a les champs d'une saisie, sans historique."""
    sienne = decrire(candidate, aujourd_hui)
    trouvees = []
    for personne in personnes:
        if personne["id"] == candidate.get("id"):
            continue
        raison = comparer(sienne, decrire(personne, aujourd_hui))
        if raison is not None:
            trouvees.append((raison[0], {"id": personne["id"], "raison": raison[1]}))
    return [trouvee for _, trouvee in sorted(trouvees, key=lambda couple: couple[0])]


def decrire(personne: Fiche, aujourd_hui: str) -> Traits:
    nom, prenom = _colle(personne.get("nom")), _colle(personne.get("prenom"))
    des_noms = [personne.get("nom"), personne.get("nom_usage")]
    colles = [colle for colle in map(_colle, des_noms) if colle and prenom]
    noms = frozenset(forme for colle in colles for forme in (colle + prenom, prenom + colle))
    pseudonymes = frozenset(filter(None, map(_colle, personne.get("pseudonymes") or [])))
    seul = {nom or prenom} if bool(nom) != bool(prenom) else set()
    return Traits(
        nom=nom,
        prenom=prenom,
        noms=noms,
        mots=_mots([*des_noms, personne.get("prenom")]) if noms else frozenset(),
        naissance=personne.get("date_naissance") or "",
        precision=personne.get("naissance_precision") or "jour",
        numeros=frozenset(t["numero"] for t in valeur(personne, "telephones", aujourd_hui) or []),
        pseudonymes=pseudonymes,
        designations=pseudonymes | noms | seul,
    )


def comparer(sienne: Traits, connue: Traits) -> tuple[int, str] | None:
    """Le rang de la ressemblance, le plus petit d'abord, et la phrase qui la dit ; None : rien de commun."""
    naissance = _naissances(sienne, connue)
    if sienne.noms & connue.noms:
        if naissance == "meme":
            return 0, "Même nom, même prénom, même date de naissance"
        return (3 if naissance == "autre" else 1), "Même nom et même prénom" + _SUITES[naissance]
    if sienne.numeros & connue.numeros:
        return 2, "Même numéro de téléphone"
    if naissance != "autre":
        if any(distance_courte(sien, connu) for sien in sienne.noms for connu in connue.noms):
            return 4, "Nom presque identique" + _SUITES[naissance]
        if _composes(sienne.mots, connue.mots):
            return 4, "Une partie du même nom" + _SUITES[naissance]
    if naissance == "meme" and sienne.prenom and sienne.prenom == connue.prenom:
        return 5, "Même prénom, même date de naissance"
    if naissance == "meme" and sienne.nom and sienne.nom == connue.nom:
        return 5, "Même nom, même date de naissance"
    if sienne.pseudonymes & connue.pseudonymes:
        return 6, "Même pseudonyme"
    if sienne.pseudonymes & connue.designations or sienne.designations & connue.pseudonymes:
        return 6, "Un surnom qui est aussi son nom"
    return None


def _colle(texte: str | None) -> str:
    return cle(texte).replace(" ", "")


def _mots(textes: Iterable[str | None]) -> frozenset[str]:
    return frozenset(mot for texte in textes for mot in cle(texte).split())


def _composes(siens: frozenset[str], connus: frozenset[str]) -> bool:
    """« Awa Diallo » et « Awa Diallo-Fictive » : l'un dit tout ce que dit l'autre, et davantage."""
    courts, longs = sorted((siens, connus), key=len)
    return len(courts) > 1 and courts != longs and courts <= longs


def _naissances(sienne: Traits, connue: Traits) -> str | None:
    """« meme », « proche », « annee », « autre » ; None si l'une des deux n'est pas connue."""
    premiere, seconde = sienne.naissance, connue.naissance
    if not premiere or not seconde:
        return None
    precisions = {sienne.precision, connue.precision}
    if precisions != {"jour"}:
        ecart = abs(int(premiere[:4]) - int(seconde[:4]))
        if ecart == 0:
            return "annee"
        return "proche" if "estimee" in precisions and ecart <= _ANNEES_ESTIMEES else "autre"
    if premiere == seconde:
        return "meme"
    return "proche" if _dates_proches(premiere, seconde) else "autre"


def _dates_proches(premiere: str, seconde: str) -> bool:
    """La veille ou le lendemain, le jour et le mois échangés, ou un seul chiffre de différence."""
    inversee = f"{premiere[:4]}-{premiere[8:]}-{premiere[5:7]}"
    chiffres = sum(un != autre for un, autre in zip(premiere, seconde, strict=True))
    jours = abs((date.fromisoformat(premiere) - date.fromisoformat(seconde)).days)
    return jours == 1 or inversee == seconde or chiffres == 1


def distance_courte(premier: str, second: str) -> bool:
    """Vrai si une lettre ajoutée, ôtée, changée ou deux lettres voisines échangées font passer de l'un à l'autre."""
    if premier == second or abs(len(premier) - len(second)) > 1 or min(len(premier), len(second)) < 6:
        return False
    debut = 0
    while debut < min(len(premier), len(second)) and premier[debut] == second[debut]:
        debut += 1
    if len(premier) == len(second):
        echange = premier[debut : debut + 2] == second[debut : debut + 2][::-1]
        return premier[debut + 1 :] == second[debut + 1 :] or (echange and premier[debut + 2 :] == second[debut + 2 :])
    court, long = sorted((premier, second), key=len)
    return court[debut:] == long[debut + 1 :]
