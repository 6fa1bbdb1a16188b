"""La forme commune d'un tableau de rapport, celle que l'écran et la ligne de commande montrent."""

from dataclasses import dataclass, field


class CaseInconnue(KeyError):
    """Aucun tableau n'a de ligne de ce nom."""


@dataclass(frozen=True)
class Ligne:
    """Une ligne : `nombre` est absent d'un taux, `texte` est toujours le chiffre écrit en français.

    `url_case` ouvre la liste qui est derrière le chiffre ; un taux n'en a pas.
    """

    code: str
    libelle: str
    nombre: int | None
    texte: str
    url_case: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class Tableau:
    code: str
    titre: str
    unite: str
    convention: str
    annee: int
    lignes: tuple[Ligne, ...]
    notes: tuple[str, ...] = field(default=())

    def ligne(self, code: str) -> Ligne:
        """La ligne de ce code ; `KeyError` si le tableau ne l'a pas."""
        for ligne in self.lignes:
            if ligne.code == code:
                return ligne
        raise KeyError(code)


@dataclass(frozen=True)
class LigneDeListe:
    """Un fait derrière un chiffre, avec de quoi ouvrir le dossier."""

    id: str
    dossier_id: str
    nom: str
    reference: str | None
    date: str
    heure: str | None
    cas: str
    cas_libelle: str
    lieu: str | None = None


@dataclass(frozen=True)
class Liste:
    """Ce qu'il y a derrière un chiffre. `len(lignes)` est ce chiffre ; `date_libelle` dit ce que date chaque ligne."""

    code: str
    libelle: str
    convention: str
    annee: int
    lignes: tuple[LigneDeListe, ...]
    date_libelle: str = "Date"

    @property
    def titre(self) -> str:
        """Le libellé seul sur sa page : « dont absences excusées » n'y est plus une part de la ligne du dessus."""
        seul = self.libelle.removeprefix("dont ")
        return seul[:1].upper() + seul[1:]
