"""Ce que la base connaît déjà et qu'un import peut citer : les références, les conventions, les comptes."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import Convention, Entretien, Mesure, Personne, RendezVous, Utilisateur


@dataclass(frozen=True)
class FicheConnue:
    """De quoi rattacher une ligne à une fiche déjà enregistrée."""

    id: str
    personne_id: str
    mesure_id: str | None = None


@dataclass
class Connu:
    """Par référence de l'utilisateur ; `conventions` par code, `utilisateurs` par courriel."""

    personnes: dict[str, FicheConnue] = field(default_factory=dict)
    mesures: dict[str, FicheConnue] = field(default_factory=dict)
    rendez_vous: dict[str, FicheConnue] = field(default_factory=dict)
    entretiens: dict[str, FicheConnue] = field(default_factory=dict)
    referents: dict[str, str] = field(default_factory=dict)
    conventions: frozenset[str] = frozenset()
    utilisateurs: dict[str, str] = field(default_factory=dict)

    def de(self, fichier: str) -> dict[str, FicheConnue]:
        """Les fiches connues du genre d'un fichier ; les démarches n'en ont pas à elles."""
        return {
            "personnes": self.personnes,
            "mesures": self.mesures,
            "rendez_vous": self.rendez_vous,
            "entretiens": self.entretiens,
        }.get(fichier, {})


def lire_connu(session: Session, structure_id: str, fichiers: Collection[str]) -> Connu:
    """Lit ce que les fichiers présents peuvent citer, et rien de plus."""
    connu = Connu(
        conventions=frozenset(session.scalars(select(Convention.code).where(Convention.structure_id == structure_id))),
        utilisateurs={
            courriel.lower(): identifiant
            for courriel, identifiant in session.execute(
                select(Utilisateur.courriel, Utilisateur.id).where(Utilisateur.structure_id == structure_id)
            )
        },
    )
    presents = set(fichiers)
    if presents & {"personnes", "mesures", "entretiens"}:
        siennes = _references(session, structure_id, Personne.reference, Personne.id, Personne.id)
        connu.personnes = _sous_un_seul_dossier(session, structure_id, siennes)
    if presents & {"mesures", "rendez_vous", "entretiens"}:
        connu.mesures = _references(session, structure_id, Mesure.reference, Mesure.id, Mesure.personne_id)
    if presents & {"rendez_vous", "entretiens"}:
        connu.rendez_vous = _references(
            session, structure_id, RendezVous.reference, RendezVous.id, RendezVous.personne_id, RendezVous.mesure_id
        )
    if presents & {"entretiens", "demarches"}:
        connu.entretiens = _references(session, structure_id, Entretien.reference, Entretien.id, Entretien.personne_id)
    return connu


def _sous_un_seul_dossier(
    session: Session, structure_id: str, connues: dict[str, FicheConnue]
) -> dict[str, FicheConnue]:
    """La référence d'un dossier réuni à un autre désigne celui qui reste : rien ne s'ajoute là où personne ne lit."""
    reunies = {
        identifiant: str(reste)
        for identifiant, reste in session.execute(
            select(Personne.id, Personne.fusionnee_dans).where(
                Personne.structure_id == structure_id, Personne.fusionnee_dans.is_not(None)
            )
        )
    }

    def reste(identifiant: str) -> str:
        while identifiant in reunies:
            identifiant = reunies[identifiant]
        return identifiant

    return {ref: FicheConnue(reste(f.id), reste(f.id)) for ref, f in connues.items()} if reunies else connues


def _references(
    session: Session,
    structure_id: str,
    reference: InstrumentedAttribute[str | None],
    identifiant: InstrumentedAttribute[str],
    personne: InstrumentedAttribute[str],
    mesure: InstrumentedAttribute[str] | None = None,
) -> dict[str, FicheConnue]:
    colonnes = [reference, identifiant, personne, *([] if mesure is None else [mesure])]
    lignes = session.execute(
        select(*colonnes).where(reference.class_.structure_id == structure_id, reference.is_not(None))
    )
    return {str(ligne[0]): FicheConnue(*(str(v) for v in ligne[1:])) for ligne in lignes}
