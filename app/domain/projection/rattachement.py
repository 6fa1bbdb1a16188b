"""Les rencontres de la rue rattachées à un dossier, ou détachées de lui. Les jours se liront au retour du serveur."""

from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Effet, Operation, envoi_de


def _rattacher(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    noms = ("connu_id", "etendue", "accord_le")
    neuf = {
        "id": operation["entite"],
        **{nom: operation["champs"].get(nom) for nom in noms},
        "rencontres": [],
        "envoi": envoi_de(operation),
    }
    return dossier and _poser(dossier, [*_siens(dossier), neuf])


def _detacher(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return dossier and _poser(dossier, [un for un in _siens(dossier) if un["id"] != operation["entite"]])


def _siens(dossier: Fiche) -> list[Fiche]:
    return dossier["personne"].get("rattachements") or []


def _poser(dossier: Fiche, rattachements: list[Fiche]) -> Fiche:
    return {**dossier, "personne": {**dossier["personne"], "rattachements": rattachements}}


GENRES: dict[str, Effet] = {
    "rattacher_rencontres": _rattacher,
    "detacher_rencontres": _detacher,
}
