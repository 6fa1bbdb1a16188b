"""Équipe : confier ou prêter des dossiers, décider des notes qui restent, lire ce qui est arrivé tard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from sqlalchemy import select
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain import nomenclatures
from app.domain.dates import instant
from app.domain.identifiant import est_identifiant
from app.domain.saisie import lire_notes
from app.equipe import appareils, files_actives, passage, prets, tardives
from app.equipe.files_actives import Collegue
from app.models import Partage, Utilisateur
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels.notes import notes as vue_notes
from app.views import carnet
from app.views.formulaire import identifiant
from sync.appliquer import appliquer
from sync.lecteur import BINOME
from sync.notes import sans_choix
from sync.operation import Resultat, lire_operation
from sync.regles.notes import lues, noter_lecture

equipe = Blueprint("equipe", __name__, url_prefix="/equipe")

ACCUEIL = "/equipe"


@equipe.get("")
@permission("equipe")
def dossiers() -> Response:
    de = request.args.get("de")
    return _page(de if de == files_actives.SANS else identifiant(de), voulu=identifiant(request.args.get("dossier")))


@equipe.post("/apercu")
@permission("equipe")
def apercu() -> Response:
    """Ce que la demande changerait, sans rien changer."""
    saisie, structure, jour = request.form.to_dict(), compte().structure_id, carnet.acteur().jour
    collegues = files_actives.collegues(db.session(), structure, jour)
    de = _collegue(collegues, saisie.get("de"))
    file = files_actives.file_de(db.session(), structure, de.id, jour)
    demande = passage.lire(saisie, request.form.getlist("dossier"), de, file, collegues, jour)
    if demande.erreurs:
        return _page(de.id, demande)
    qui_perd = [vu for vu in appareils.lire(db.session(), structure, carnet.maintenant(), de.id) if not vu.revoque_le]
    vers = demande.vers.id if demande.vers else ""
    return rendre(
        "serveur/bureau/passage.html",
        titre="Équipe",
        onglet="bureau",
        demande=demande,
        lignes=demande.lignes(),
        appareils=qui_perd if demande.geste == passage.CONFIER else [],
        recoit_au_telephone=vers in appareils.derniers_echanges(db.session(), structure),
        a_venir=files_actives.rendez_vous_a_venir(
            db.session(), structure, [suivi.id for suivi in demande.dossiers], carnet.maintenant()
        ),
        sans_accord=passage.sans_accord(db.session(), structure, demande, jour) if demande.motif == BINOME else [],
        aujourd_hui=jour.isoformat(),
    )


@equipe.post("/faire")
@permission("equipe")
def faire() -> Response:
    geste = request.form.get("geste", "")
    if geste not in passage.GENRES:
        raise BadRequest
    champs = {nom: request.form.get(f"champ-{nom}") for nom in ("referent", "date_effet", "utilisateur")}
    champs |= {nom: request.form.get(f"champ-{nom}") for nom in ("du", "jusqu_au", "motif")}
    heure = instant(carnet.maintenant())
    voulues = passage.operations(request.form.getlist("ligne"), geste, champs, heure)
    if not voulues:
        raise BadRequest
    with ecriture() as session:
        resultats = appliquer(session, carnet.acteur(), [lire_operation(voulue) for voulue in voulues])
    annoncer(_bilan(resultats, {voulue["personne"] for voulue in voulues}, geste))
    return rediriger(f"{ACCUEIL}/prets" if geste == passage.PRETER else ACCUEIL)


@equipe.get("/prets")
@permission("equipe")
def liste_des_prets() -> Response:
    lus = prets.lire(db.session(), compte().structure_id, carnet.acteur().jour)
    return rendre(
        "serveur/bureau/prets.html", titre="Équipe", onglet="bureau", prets=lus, nouvel_identifiant=lambda: uuid7()
    )


@equipe.post("/prets/<uuid:id>/fin")
@permission("equipe")
def finir(id: UUID) -> Response:
    op_id = request.form.get("operation", "")
    with ecriture() as session:
        partage = session.get(Partage, (compte().structure_id, str(id)))
        if partage is None:
            raise NotFound
        if not est_identifiant(op_id):
            raise BadRequest
        fin = {"id": op_id, "genre": "cesser_partage", "entite": partage.id, "personne": partage.personne_id}
        appliquer(session, carnet.acteur(), [lire_operation(fin | {"heure": instant(carnet.maintenant())})])
    annoncer("C’est fini\u202f: le dossier quittera ce téléphone à son prochain échange.")
    return rediriger(f"{ACCUEIL}/prets")


@equipe.get("/notes")
@permission("equipe")
def liste_des_notes() -> Response:
    return _page_notes()


@equipe.post("/notes")
@permission("equipe")
def decider_des_notes() -> Response:
    """Une note que son auteur vient de décider n'est plus à choisir : la page revient avec celles qui restent."""
    saisie = carnet.saisie()
    lu = lire_notes(saisie, _sans_choix()[0])
    try:
        carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        lu["erreurs"] = {"tout": " ".join(refus.erreurs.values())}
    if lu["erreurs"]:
        return _page_notes(saisie, lu["erreurs"])
    annoncer("Vos choix sont notés.")
    return rediriger(f"{ACCUEIL}/notes")


@equipe.post("/notes/<uuid:id>/lire")
@permission("equipe")
def lire_une_note(id: UUID) -> Response:
    """Une note ne se montre qu'à qui a laissé la trace de l'avoir lue."""
    with ecriture() as session:
        acteur = carnet.acteur()
        note = next((n for n in sans_choix(session, acteur.structure_id, acteur.jour) if n.entretien == str(id)), None)
        if note is None:
            raise NotFound
        noter_lecture(session, acteur, note)
    return rediriger(f"{ACCUEIL}/notes#note-{id}")


@equipe.get("/tardives")
@permission("equipe")
def arrivees_tardives() -> Response:
    lues = tardives.lire(db.session(), compte().structure_id, carnet.maintenant())
    return rendre("serveur/bureau/tardives.html", titre="Équipe", onglet="bureau", arrivees=lues)


def _page(de: str | None, demande: passage.Demande | None = None, voulu: str | None = None) -> Response:
    """`voulu` : le dossier d'où l'on vient ; il est en tête, et déjà coché."""
    structure, jour = compte().structure_id, carnet.acteur().jour
    collegues = files_actives.collegues(db.session(), structure, jour)
    choisi = _collegue(collegues, de) if de else None
    file = files_actives.file_de(db.session(), structure, choisi.id, jour) if choisi else []
    file.sort(key=lambda suivi: suivi.id != voulu)
    lus = prets.lire(db.session(), structure, jour) if choisi else []
    return rendre(
        "serveur/bureau/equipe.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if demande else 200,
        collegues=collegues,
        choisi=choisi,
        file=file,
        pretes={pret.personne_id: pret for pret in lus},
        demande=demande,
        coches={suivi.id for suivi in demande.dossiers} if demande else {voulu},
        saisie=request.form.to_dict(),
        motifs=nomenclatures.choix("motif_partage", request.form.get("motif", "")),
        erreurs=demande.erreurs if demande else {},
        aujourd_hui=jour.isoformat(),
    )


def _sans_choix() -> tuple[dict[str, Any], dict[str, str]]:
    """Le contexte où les notes sont celles que leur auteur n'a pas décidées à temps ; et l'auteur de chacune."""
    contexte, structure = carnet.contexte(), compte().structure_id
    notes = sans_choix(db.session(), structure, carnet.acteur().jour)
    contexte["reference"] = contexte["reference"] | {"notes": [note.en_json() for note in notes]}
    auteurs = db.session.scalars(
        select(Utilisateur).where(
            Utilisateur.structure_id == structure, Utilisateur.id.in_({note.auteur for note in notes})
        )
    )
    noms = {auteur.id: f"{auteur.prenom} {auteur.nom}".strip() for auteur in auteurs}
    return contexte, {note.entretien: noms[note.auteur] for note in notes}


def _page_notes(saisie: dict[str, Any] | None = None, erreurs: dict[str, str] | None = None) -> Response:
    contexte, auteurs = _sans_choix()
    deja_lues = lues(db.session(), carnet.acteur(), auteurs)
    return rendre(
        "serveur/bureau/notes.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if erreurs else 200,
        auteurs=auteurs,
        lues=deja_lues,
        **vue_notes(contexte, saisie, erreurs),
    )


def _collegue(collegues: list[Collegue], cherche: str | None) -> Collegue:
    trouve = next((collegue for collegue in collegues if collegue.id == cherche), None)
    if trouve is None:
        raise NotFound
    return trouve


def _bilan(resultats: list[Resultat], personnes: set[str], geste: str) -> str:
    refus = [resultat for resultat in resultats if "refused" in (resultat.statut, resultat.premier)]
    verbe = "confié" if geste == passage.CONFIER else "prêté"
    if not refus:
        nombre = len(personnes)
        return f"{nombre}\u202fdossiers {verbe}s." if nombre > 1 else f"Dossier {verbe}."
    raisons: dict[str, Any] = dict.fromkeys(
        message for resultat in refus for messages in resultat.erreurs.values() for message in messages
    )
    faits = len(resultats) - len(refus)
    debut = f"{faits} sur {len(resultats)}\u202f: {verbe}s." if faits else f"Aucun dossier {verbe}."
    return " ".join([debut, *raisons])
