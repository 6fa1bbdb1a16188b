"""« N'est-ce pas quelqu'un que l'on connaît déjà ? » : les personnes qui ressemblent à celle que l'on va créer.

On prévient, on n'empêche pas : deux personnes peuvent porter le même nom.
Miroir : static/js/domain/ressemblance.js, mêmes cas dans tests/corpus/personne.json.
"""

from collections.abc import Sequence

from app.domain.personne import Fiche, valeur
from app.domain.recherche import cle


def ressemblances(candidate: Fiche, personnes: Sequence[Fiche], aujourd_hui: str) -> list[dict[str, str]]:
    """`[{"id", "raison"}]`, les plus proches d'abord ; `candidate` a les champs d'une saisie, sans historique."""
    trouvees = []
    for personne in personnes:
        if personne["id"] == candidate.get("id"):
            continue
        raison = _raison(candidate, personne, aujourd_hui)
        if raison is not None:
            trouvees.append((raison[0], {"id": personne["id"], "raison": raison[1]}))
    return [trouvee for _, trouvee in sorted(trouvees, key=lambda couple: couple[0])]


def _raison(candidate: Fiche, personne: Fiche, aujourd_hui: str) -> tuple[int, str] | None:
    naissance = candidate.get("date_naissance")
    meme_naissance = bool(naissance) and naissance == personne.get("date_naissance")
    autre_naissance = bool(naissance) and bool(personne.get("date_naissance")) and not meme_naissance
    siens, connus = _noms(candidate), _noms(personne)
    if siens and siens & connus:
        if meme_naissance:
            return 0, "Même nom, même prénom, même date de naissance"
        return (
            (3, "Même nom et même prénom, autre date de naissance")
            if autre_naissance
            else (1, "Même nom et même prénom")
        )
    if _numeros(candidate, aujourd_hui) & _numeros(personne, aujourd_hui):
        return 2, "Même numéro de téléphone"
    proches = any(distance_courte(sien, connu) for sien in siens for connu in connus)
    if proches and not autre_naissance:
        return 4, "Nom presque identique" + (", même date de naissance" if meme_naissance else "")
    if meme_naissance and _prenom(candidate) and _prenom(candidate) == _prenom(personne):
        return 5, "Même prénom, même date de naissance"
    if _pseudonymes(candidate) & _pseudonymes(personne):
        return 6, "Même pseudonyme"
    return None


def _noms(personne: Fiche) -> set[str]:
    """Nom et prénom collés, dans les deux ordres, avec le nom et le nom d'usage."""
    prenom = _prenom(personne)
    formes = set()
    for champ in ("nom", "nom_usage"):
        nom = cle(personne.get(champ)).replace(" ", "")
        if nom and prenom:
            formes |= {nom + prenom, prenom + nom}
    return formes


def _prenom(personne: Fiche) -> str:
    return cle(personne.get("prenom")).replace(" ", "")


def _pseudonymes(personne: Fiche) -> set[str]:
    return {cle(pseudonyme) for pseudonyme in personne.get("pseudonymes") or []}


def _numeros(personne: Fiche, aujourd_hui: str) -> set[str]:
    return {telephone["numero"] for telephone in valeur(personne, "telephones", aujourd_hui) or []}


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
