"""Une maraude : si elle est en cours, qui l'on y a rencontré, ce que la nuit a compté.

Miroir : static/js/domain/maraude.js, mêmes cas dans tests/corpus/maraude.json.
"""

from typing import Any

from app.domain import dates
from app.domain.cahier import citant, feuilles_de, jour, valeur
from app.domain.personne import Fiche
from app.domain.recherche import cle

# Ce que l'on dit en partant, puis en rentrant.
DEPART = ("le", "debut", "equipe", "moyen", "avec", "secteur_precis")
RETOUR = ("fin", "manque", "transmission")
# Ce que l'on garde de quelqu'un à la première rencontre ; ses chiens sont ceux que l'on a comptés.
NOUVEAU = ("pseudonyme", "reperes", "sexe", "age")
COMPTES = ("adultes", "mineurs", "chiens", "femmes", "hommes")
GARDE_MOIS = 12
# D'une semaine à l'autre, passé minuit compris : l'équipe qui sort le même soir la lit encore.
GARDE_POSITION_JOURS = 8
MIDI = "12:00"


def est_en_cours(maraude: Fiche, maintenant: str) -> bool:
    """Pas rentrée, et partie ce jour, ou la veille tant qu'il n'est pas midi.

    Passé minuit, c'est la même nuit ; un retour oublié ne se donne pas à reprendre à l'équipe du lendemain.
    """
    if valeur(maraude, "fin"):
        return False
    return _nuit(maintenant) <= (jour(maraude) or "")


def _nuit(maintenant: str) -> str:
    """Le jour où a pu partir l'équipe qui est dehors."""
    depuis = dates.jour_paris(maintenant)
    return dates.ajouter_jours(depuis, -1) if dates.heure_paris(maintenant) < MIDI else depuis


def veille(cahier: Fiche, maintenant: str) -> bool:
    """Quelqu'un est dehors cette nuit : l'écran se fait sombre, et ne s'éteint pas."""
    return any(est_en_cours(une, maintenant) for une in feuilles_de(cahier, "maraude"))


def prevues(cahier: Fiche, maintenant: str) -> list[Fiche]:
    """Celles où l'on n'est pas encore parti, la prochaine d'abord ; la nuit passée, elles se taisent."""
    jours = _nuit(maintenant)
    return [prevue for prevue in feuilles_de(cahier, "prevue") if jours <= (jour(prevue) or "")]


def est_pour_ce_soir(prevue: Fiche, maintenant: str) -> bool:
    return _nuit(maintenant) <= (jour(prevue) or "") <= dates.jour_paris(maintenant)


def maraudes(cahier: Fiche) -> list[Fiche]:
    """La plus récente d'abord."""
    trouvees = feuilles_de(cahier, "maraude")
    return sorted(trouvees, key=lambda m: (jour(m) or "", valeur(m, "debut") or "", m["id"]), reverse=True)


def apres_minuit(heure: str | None, depart: str | None) -> bool:
    """Partis le soir, une heure du matin est du lendemain ; quelques minutes avant l'heure notée du départ, non."""
    return bool(heure and depart) and str(heure) < MIDI <= str(depart)


def rencontres(cahier: Fiche, maraude: Fiche) -> list[Fiche]:
    """Dans l'ordre de la nuit : minuit et demi vient après vingt-trois heures."""
    depart = valeur(maraude, "debut")

    def rang(rencontre: Fiche) -> tuple[bool, str, str]:
        heure = valeur(rencontre, "heure") or ""
        return (apres_minuit(heure, depart), heure, rencontre["id"])

    return sorted(citant(cahier, "rencontre", "maraude_id", maraude["id"]), key=rang)


def a_ranger(cahier: Fiche) -> list[tuple[Fiche, int]]:
    """`[(maraude retirée, combien de rencontres y restent)]` : un autre téléphone a pu y noter avant de le savoir."""
    retirees = [f for f in cahier.get("feuilles") or [] if f["forme"] == "maraude" and f.get("retiree_le")]
    comptees = [(maraude, len(rencontres(cahier, maraude))) for maraude in sorted(retirees, key=lambda m: str(m["id"]))]
    return [(maraude, nombre) for maraude, nombre in comptees if nombre]


def rencontres_de(cahier: Fiche, connu: Fiche) -> list[tuple[str, Fiche]]:
    """`[(jour, rencontre)]` de quelqu'un de connu, la plus récente d'abord."""
    jours = {maraude["id"]: jour(maraude) or "" for maraude in feuilles_de(cahier, "maraude")}
    siennes = citant(cahier, "rencontre", "connu_id", connu["id"])
    datees = [(jours[m], r) for r in siennes if (m := valeur(r, "maraude_id")) in jours]
    return sorted(datees, key=lambda paire: (paire[0], paire[1]["note_le"], paire[1]["id"]), reverse=True)


def personnes(rencontre: Fiche) -> int:
    """Combien de personnes : par âge ou par sexe, le plus grand des deux comptes ; quelqu'un de connu en est une."""
    adultes, mineurs, _, femmes, hommes = (valeur(rencontre, nom) or 0 for nom in COMPTES)
    return int(max(adultes + mineurs, femmes + hommes, 1 if valeur(rencontre, "connu_id") else 0))


def connus(cahier: Fiche) -> list[tuple[Fiche, str | None]]:
    """`[(personne connue, jour de sa dernière rencontre)]`, la dernière rencontrée d'abord."""
    jours = {maraude["id"]: jour(maraude) or "" for maraude in feuilles_de(cahier, "maraude")}
    vus: dict[str, tuple[str, str]] = {}
    for rencontre in feuilles_de(cahier, "rencontre"):
        qui, le = valeur(rencontre, "connu_id"), jours.get(valeur(rencontre, "maraude_id"))
        if qui and le is not None:
            vus[qui] = max(vus.get(qui, ("", "")), (le, rencontre["note_le"]))
    paires = [(connu, vus.get(connu["id"], ("", connu["note_le"]))) for connu in feuilles_de(cahier, "connu")]
    paires.sort(key=lambda paire: (*paire[1], paire[0]["id"]), reverse=True)
    return [(connu, quand[0] or None) for connu, quand in paires]


def homonymes(cahier: Fiche, pseudonyme: str | None) -> list[Fiche]:
    """Ceux que l'équipe du secteur connaît déjà sous ce nom."""
    nom = cle(pseudonyme or "")
    return [connu for connu in feuilles_de(cahier, "connu") if nom and cle(valeur(connu, "pseudonyme") or "") == nom]


def nomme(cahier: Fiche, identifiant: str | None) -> Fiche | None:
    """Quelqu'un de connu que l'on peut nommer : retiré, son nom ne se lit plus au fil des nuits."""
    return next((connu for connu in feuilles_de(cahier, "connu") if connu["id"] == identifiant), None)


def comptes(cahier: Fiche, maraude: Fiche) -> dict[str, Any]:
    """Ceux d'une nuit ; retirée, elle ne compte plus."""
    return tous_les_comptes(cahier).get(maraude["id"]) or _compter([], set(), set())


def tous_les_comptes(cahier: Fiche) -> dict[str, dict[str, Any]]:
    """De chaque maraude, `{rencontres, personnes, connues, nouvelles, donne: {code: combien de fois}}` : la seule
    définition, en un passage.

    Une personne est nouvelle la nuit de sa première rencontre, connue les suivantes ; chacune compte une fois.
    """
    siennes: dict[str, list[Fiche]] = {maraude["id"]: [] for maraude in reversed(maraudes(cahier))}
    for rencontre in feuilles_de(cahier, "rencontre"):
        siennes.get(valeur(rencontre, "maraude_id"), []).append(rencontre)
    deja: set[str] = set()
    comptes = {}
    for identifiant, faites in siennes.items():
        vues = {qui for rencontre in faites if (qui := valeur(rencontre, "connu_id"))}
        comptes[identifiant] = _compter(faites, vues, deja)
        deja |= vues
    return comptes


def _compter(faites: list[Fiche], vues: set[str], deja: set[str]) -> dict[str, Any]:
    donnes = [code for rencontre in faites for code in valeur(rencontre, "donne") or []]
    return {
        "rencontres": len(faites),
        "personnes": sum(map(personnes, faites)),
        "connues": len(vues & deja),
        "nouvelles": len(vues - deja),
        "donne": {code: donnes.count(code) for code in dict.fromkeys(donnes)},
    }
