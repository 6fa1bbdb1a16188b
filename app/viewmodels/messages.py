"""Ce que l'on dit quand c'est noté, et comment revenir en arrière."""

from collections.abc import Mapping

from app.domain import cahier, dates, nomenclatures, piece
from app.domain.acces import version_du_dossier
from app.domain.francais import heure as heure_en_mots
from app.domain.francais import jour_proche, minuscule
from app.domain.personne import Fiche
from app.viewmodels.agenda import entretiens_lies, url_de_la_fiche
from app.viewmodels.contexte import Contexte, Vue, sexe


def message_constat(rendez_vous: Fiche, statut: str, dossier: Fiche, contexte: Contexte) -> Vue:
    """`{texte, ton, suite: {libelle, url} | None, annuler: {url, champs: [{nom, valeur}]} | None}`, l'issue dite d'un
    geste.

    `rendez_vous` : tel qu'il était avant. Revenir en arrière remet l'issue qu'il avait. Honoré, il ne reste qu'à
    compléter la fiche, d'où que l'on vienne ; un entretien déjà noté reste, et cela se dit.
    """
    moment = moment_du(rendez_vous["debut"], contexte["aujourd_hui"])
    if statut == "propose":
        texte = f"Rendez-vous {moment} remis à préciser."
        return {"texte": texte + _reste(rendez_vous, dossier), "ton": None, "suite": None, "annuler": None}
    mot = minuscule(nomenclatures.libelle("constat", statut, sexe(dossier["personne"], contexte)))
    url = url_de_la_fiche({**rendez_vous, "statut": statut}, dossier)
    return {
        "texte": f"Noté\u202f: {mot}. Rendez-vous {moment}."
        + ("" if statut == "honore" else _reste(rendez_vous, dossier)),
        "ton": "fait",
        "suite": {"libelle": "Compléter la fiche", "url": url} if url else _apres_absence(rendez_vous, statut),
        "annuler": None
        if statut == rendez_vous["statut"]
        else {
            "url": f"/rendez-vous/{rendez_vous['id']}/constat",
            "champs": [
                {"nom": "statut", "valeur": rendez_vous["statut"]},
                {"nom": "op_id", "valeur": contexte["nouvel_identifiant"]()},
                {"nom": "base", "valeur": rendez_vous.get("version")},
            ],
        },
    }


def _apres_absence(rendez_vous: Fiche, statut: str) -> Vue | None:
    """Sans nouvelles, ce qui se propose est au dossier."""
    if statut != "absence_non_excusee":
        return None
    return {"libelle": "Une autre date", "url": f"/dossiers/{rendez_vous['personne_id']}#titre-absence"}


def message_desaccord(desaccord: Fiche, choix: str, contexte: Contexte, annulable: bool = False) -> Vue:
    """Le désaccord réglé ; `desaccord` : tel que `face_a_face` le montrait. `annulable` : tant qu'il attend."""
    if desaccord["phrase"]:
        texte = "Dossier rouvert." if choix == "propose" else "Le dossier reste archivé."
    else:
        texte = f"Réglé\u202f: «\u202f{desaccord[choix]['valeur']}\u202f» est en vigueur."
    url = f"/dossiers/{desaccord['personne_id']}/desaccords/{desaccord['id']}/reprendre"
    annuler = {"url": url, "champs": [{"nom": "op_id", "valeur": desaccord["op_id"]}]} if annulable else None
    return {"texte": texte, "ton": "fait", "suite": None, "annuler": annuler}


def message_archive(dossier: Fiche, archive: bool, contexte: Contexte) -> Vue:
    """`archive` : ce qui vient d'être fait ; l'annuler est le geste contraire. `dossier` : tel qu'il était."""
    geste = "rouvrir" if archive else "archiver"
    return {
        "texte": "Dossier archivé. La recherche le retrouve." if archive else "Dossier rouvert.",
        "ton": "fait",
        "suite": None,
        "annuler": {
            "url": f"/dossiers/{dossier['personne']['id']}/{geste}",
            "champs": [
                {"nom": "op_id", "valeur": contexte["nouvel_identifiant"]()},
                {"nom": "base", "valeur": version_du_dossier(dossier)},
            ],
        },
    }


def message_coche(operations: list[Fiche]) -> Vue:
    """L'entretien coché pour le binôme, ou qui ne l'est plus."""
    coche = bool(operations) and operations[0]["champs"]["partagee"]
    texte = "Coché pour le binôme." if coche else "Ce n’est plus partagé." if operations else "Rien n’a changé."
    return {"texte": texte, "ton": "fait" if operations else None, "suite": None, "annuler": None}


def _reste(rendez_vous: Fiche, dossier: Fiche) -> str:
    return " L’entretien noté reste au dossier." if rendez_vous["id"] in entretiens_lies(dossier) else ""


def message_enregistre(
    operations: list[Fiche], avertissements: Mapping[str, str] | None = None, brouillon_garde: bool = False
) -> Vue:
    """Ce qui vient d'être enregistré par un formulaire, et ce qui y surprend : enregistré, il peut se revoir.

    `brouillon_garde` : ce que cette issue n'enregistre pas est resté au brouillon du formulaire.
    """
    genres = [operation["genre"] for operation in operations]
    textes = {
        "noter_entretien": "Contact noté.",
        "modifier_entretien": "Fiche corrigée.",
        "creer_personne": "Personne ajoutée à vos dossiers.",
        "modifier_personne": "Situation mise à jour.",
        "ouvrir_mesure": "Mesure ouverte.",
        "modifier_mesure": "Dates de la mesure enregistrées.",
        "prononcer_sortie": "Sortie enregistrée.",
        "constater_rendez_vous": "Issue du rendez-vous notée.",
        "proposer_rendez_vous": "Rendez-vous proposé.",
        "deplacer_rendez_vous": "Rendez-vous déplacé.",
        "partager_dossier": "Dossier partagé.",
        "rattacher_rencontres": "Rattachée à ce dossier.",
        "noter_rencontre": "Rencontre notée.",
        "noter_inscription": "Inscription notée.",
        "noter_presence": "Feuille de présence enregistrée.",
        "modifier_presence": "Feuille de présence enregistrée.",
        "noter_seance": "Séance ajoutée.",
        "modifier_seance": "Séance enregistrée.",
        "noter_maraude": "Maraude commencée.",
        "noter_prevue": "Maraude prévue.",
        "noter_situation": "Situation ajoutée.",
        "noter_annotation": "Note ajoutée.",
        "transmettre_note": "Vos choix sont notés.",
        "effacer_note": "Vos choix sont notés.",
    }
    actes = [f"{mots}." for genre in genres if (mots := piece.acte(genre) or cahier.acte(genre))]
    texte = next((textes[genre] for genre in textes if genre in genres), next(iter(actes), "Rien n’a changé."))
    if any(op["genre"] == "modifier_maraude" and op["champs"].get("fin") for op in operations):
        texte = "Maraude finie."
    if any(op["genre"] == "modifier_situation" and op["champs"].get("decision") for op in operations):
        texte = "Décision notée."
    if "noter_connu" in genres:
        texte += " Le nom est gardé au cahier."
    if "proposer_rendez_vous" in genres and genres[0] != "proposer_rendez_vous":
        texte += " Prochain rendez-vous proposé."
    texte += "".join(f" {phrase}" for phrase in (avertissements or {}).values())
    if brouillon_garde:
        texte += " Elles restent au brouillon de ce rendez-vous."
    suite = _revoir(operations, avertissements or {})
    return {"texte": texte, "ton": "fait" if genres else None, "suite": suite, "annuler": None}


def message_deplacement(operations: list[Fiche], avertissements: Mapping[str, str] | None = None) -> Vue:
    """Une journée déplacée d'un geste."""
    texte = f"{len(operations)} rendez-vous déplacé{'s' if len(operations) > 1 else ''}."
    texte += "".join(f" {phrase}" for phrase in (avertissements or {}).values())
    return {"texte": texte, "ton": "fait", "suite": None, "annuler": None}


def _revoir(operations: list[Fiche], avertissements: Mapping[str, str]) -> Vue | None:
    """Où relire ce qui surprend : la fiche qui le porte, si elle est enregistrée et a son formulaire."""
    if not any(champ != "demarches" for champ in avertissements):
        return None
    adresses = {
        "noter_entretien": "/entretiens/{entite}/modifier",
        "modifier_entretien": "/entretiens/{entite}/modifier",
        "creer_personne": "/dossiers/{entite}/modifier",
        "modifier_personne": "/dossiers/{entite}/modifier",
        "proposer_rendez_vous": "/rendez-vous/{entite}/deplacer",
        "deplacer_rendez_vous": "/rendez-vous/{entite}/deplacer",
        "noter_maraude": "/maraudes/{entite}/modifier",
        "modifier_maraude": "/maraudes/{entite}/modifier",
        "noter_prevue": "/prevues/{entite}/modifier",
        "modifier_prevue": "/prevues/{entite}/modifier",
        "noter_rencontre": "/maraudes/{maraude_id}/modifier",
        "noter_inscription": "/inscriptions/{entite}/modifier",
        "noter_seance": "/seances/{entite}/modifier",
        "modifier_seance": "/seances/{entite}/modifier",
        "noter_situation": "/situations/{entite}/modifier",
        "modifier_situation": "/situations/{entite}/modifier",
    }
    if all(champ.startswith("suivant_") for champ in avertissements):
        operations = [operation for operation in operations if operation["genre"] == "proposer_rendez_vous"]
    for genre, adresse in adresses.items():
        for operation in operations:
            if operation["genre"] == genre:
                dits = {**operation.get("champs", {}), "entite": operation["entite"]}
                return {"libelle": "Vérifier", "url": adresse.format_map(dits)}
    return None


def moment_du(debut: str, aujourd_hui: str) -> str:
    """« de 9 h » aujourd'hui, « d’hier », « de demain », « du jeudi 12 novembre »."""
    jour = dates.jour_paris(debut)
    if jour == aujourd_hui:
        return f"de {heure_en_mots(dates.heure_paris(debut))}"
    mots = jour_proche(jour, aujourd_hui)
    if jour == dates.ajouter_jours(aujourd_hui, -1):
        return f"d’{mots}"
    return f"de {mots}" if jour == dates.ajouter_jours(aujourd_hui, 1) else f"du {mots}"
