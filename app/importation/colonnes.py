"""Les colonnes de chaque fichier à importer : leur nom, ce qu'elles contiennent, comment on les lit.

`docs/import.md` et les modèles de `docs/modeles-import/` disent la même chose ; un test les compare à ces listes.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from app.domain import nomenclatures
from app.domain.champs_personne import Champ, catalogue
from app.importation import valeurs
from app.importation.valeurs import Lecteur
from sync.regles.personne import LONGUEURS

REFERENCE_MAX: Final = 80
SUR_PLUSIEURS_LIGNES: Final = ("adresse", "experiences")


@dataclass(frozen=True)
class Colonne:
    """`attendu` se lit dans la documentation ; `exemple` remplit le modèle."""

    nom: str
    lire: Lecteur
    attendu: str
    exemple: str = ""
    obligatoire: bool = False


_reference = valeurs.texte(REFERENCE_MAX)
_lieu = valeurs.texte(200)
_duree = valeurs.entier(1, 1440)

# L'ordre est celui de l'import : un fichier ne cite que ceux d'avant.
ORDRE: Final = ("personnes", "mesures", "rendez_vous", "entretiens", "demarches")


@cache
def fichiers() -> dict[str, tuple[Colonne, ...]]:
    """Les colonnes reconnues, par fichier."""
    return {
        "personnes": _personnes(),
        "mesures": _mesures(),
        "rendez_vous": _rendez_vous(),
        "entretiens": _entretiens(),
        "demarches": _demarches(),
    }


def _personnes() -> tuple[Colonne, ...]:
    return (
        Colonne("reference", _reference, "votre référence, unique par personne", "P-0001", obligatoire=True),
        Colonne("nom", valeurs.nom(120), "texte ; il faut au moins un nom, un prénom ou un pseudonyme", "Boisfictif"),
        Colonne("prenom", valeurs.nom(120), "texte", "Awa"),
        Colonne("nom_usage", valeurs.nom(120), "texte"),
        Colonne("pseudonymes", valeurs.textes(80, 10), "textes séparés par « | »"),
        Colonne("date_naissance", valeurs.naissance, "date, ou l'année seule", "14/07/1988"),
        Colonne(
            "naissance_precision",
            valeurs.choix("naissance_precision"),
            _codes("naissance_precision") + " ; déduite de la date si la colonne est vide",
        ),
        Colonne(
            "date_effet",
            valeurs.jour,
            "date à laquelle les renseignements qui suivent sont vrais ; à défaut, la première date connue de la "
            "personne dans les fichiers, sinon le jour de l'import",
            "03/01/2022",
        ),
        *(c for champ in catalogue().values() if champ.date for c in _colonnes_du_champ(champ)),
    )


def _colonnes_du_champ(champ: Champ) -> tuple[Colonne, ...]:
    """Un champ daté du catalogue devient une colonne de même nom ; la commune en prend deux."""
    if champ.genre == "commune":
        return (
            Colonne("code_commune", valeurs.code_commune, "code officiel de la commune, cinq caractères", "00101"),
            Colonne("commune", valeurs.texte(80), "nom de la commune", "Fable-la-Ville"),
        )
    lire, attendu = _lecture_du_champ(champ)
    return (Colonne(champ.nom, lire, attendu, _EXEMPLES.get(champ.nom, "")),)


_EXEMPLES: Final = {
    "sexe": "femme",
    "telephones": "06 39 98 00 01",
    "courriel": "awa@exemple.example",
    "adresse": "3 rue des Contes",
    "rsa": "beneficiaire",
    "droits_devoirs": "oui",
}


def _lecture_du_champ(champ: Champ) -> tuple[Lecteur, str]:
    if champ.nom == "courriel":
        return valeurs.courriel, "adresse de courriel"
    if champ.genre == "code":
        return valeurs.choix(champ.liste or ""), _codes(champ.liste or "")
    if champ.genre == "codes":
        return valeurs.plusieurs_choix(champ.liste or ""), _codes(champ.liste or "") + " ; plusieurs séparés par « | »"
    simples: dict[str, tuple[Lecteur, str]] = {
        "texte": (valeurs.texte(LONGUEURS.get(champ.nom, 120), lignes=champ.nom in SUR_PLUSIEURS_LIGNES), "texte"),
        "booleen": (valeurs.booleen, "oui, non"),
        "entier": (valeurs.entier(0, 30), "nombre"),
        "jour": (valeurs.jour_iso, "date"),
        "mois": (valeurs.mois, "mois, comme 12/2022"),
        "telephones": (valeurs.telephones, "un ou plusieurs numéros séparés par « | »"),
    }
    return simples[champ.genre]


def _mesures() -> tuple[Colonne, ...]:
    return (
        Colonne("reference", _reference, "votre référence, unique par mesure", "M-0001", obligatoire=True),
        Colonne("personne", _reference, "référence de la personne", "P-0001", obligatoire=True),
        Colonne("convention", valeurs.texte(20), "code d'une convention de la structure", "ASP-NC", obligatoire=True),
        Colonne("orientee_le", valeurs.jour, "date de réception de l'orientation", "20/12/2021"),
        Colonne("prescripteur", valeurs.texte(200), "texte", "Service insertion de Fable"),
        Colonne("premier_contact_le", valeurs.jour, "date", "28/12/2021"),
        Colonne("entree_le", valeurs.jour, "date ; vide, la mesure est en cours d'intégration", "03/01/2022"),
        Colonne("fin_prevue_le", valeurs.jour, "date"),
        Colonne("sortie_le", valeurs.jour, "date ; vide, la mesure est ouverte"),
        Colonne("sortie_motif", valeurs.choix("motif_sortie"), _codes("motif_sortie")),
        Colonne(
            "referent",
            valeurs.texte(254),
            "courriel de connexion du référent ; la personne entre dans sa file active si la mesure est ouverte",
            "camille@amandiers.example",
        ),
        Colonne("modalite", valeurs.choix("modalite"), _codes("modalite"), "socioprofessionnelle"),
    )


def _rendez_vous() -> tuple[Colonne, ...]:
    statuts = [c for c in nomenclatures.codes("statut_rendez_vous") if c != "a_preciser"]
    return (
        Colonne("reference", _reference, "votre référence, unique par rendez-vous", "R-0001", obligatoire=True),
        Colonne("mesure", _reference, "référence de la mesure", "M-0001", obligatoire=True),
        Colonne("date", valeurs.jour, "date", "17/01/2022", obligatoire=True),
        Colonne("heure", valeurs.heure, "heure de Paris, comme 9:30", "9:30", obligatoire=True),
        Colonne("duree", _duree, "minutes", "45"),
        Colonne("lieu", _lieu, "texte", "Maison des Contes"),
        Colonne("statut", valeurs.choix_parmi("statut_rendez_vous", statuts), ", ".join(statuts), "honore", True),
    )


def _entretiens() -> tuple[Colonne, ...]:
    return (
        Colonne("reference", _reference, "votre référence, unique par entretien", "E-0001", obligatoire=True),
        Colonne("personne", _reference, "référence de la personne ; peut être vide si la mesure est donnée"),
        Colonne("mesure", _reference, "référence de la mesure", "M-0001"),
        Colonne("rendez_vous", _reference, "référence du rendez-vous dont l'entretien rend compte", "R-0001"),
        Colonne("date", valeurs.jour, "date", "17/01/2022", obligatoire=True),
        Colonne("heure", valeurs.heure, "heure de Paris, comme 9:30", "9:30"),
        Colonne("duree", _duree, "minutes", "45"),
        Colonne("moyen", valeurs.choix("moyen"), _codes("moyen"), "presentiel", obligatoire=True),
        Colonne("lieu", _lieu, "texte", "Maison des Contes"),
        Colonne(
            "synthese", valeurs.texte(20_000, lignes=True), "texte, sur plusieurs lignes s'il le faut", "Premier bilan"
        ),
        Colonne(
            "auteur",
            valeurs.texte(254),
            "courriel de connexion de l'auteur ; à défaut le référent de la mesure, sinon qui importe",
        ),
    )


def _demarches() -> tuple[Colonne, ...]:
    return (
        Colonne("entretien", _reference, "référence de l'entretien", "E-0001", obligatoire=True),
        Colonne("famille", valeurs.choix("demarche"), _codes("demarche"), "logement", obligatoire=True),
        Colonne(
            "nature",
            valeurs.texte(200),
            "code ou libellé d'une nature de la famille",
            "demande_logement",
        ),
    )


def _codes(liste: str) -> str:
    """Les codes admis ; les longues listes renvoient à la fin de la documentation."""
    codes = nomenclatures.codes(liste)
    return ", ".join(codes) if len(codes) <= 10 else f"code de la liste « {liste} »"
