// Ce qui, dans un dossier, règle ou annonce une échéance d'une mesure : miroir de app/domain/echeance/faits.py.

export const deLaMesure = (fiche, mesure) =>
  fiche.mesure_id === null || fiche.mesure_id === undefined || fiche.mesure_id === mesure.id;

export const entretiensDe = (dossier, mesure) => dossier.entretiens.filter((entretien) => deLaMesure(entretien, mesure));

export const honores = (dossier, mesure) =>
  dossier.rendez_vous.filter((rendezVous) => rendezVous.statut === "honore" && deLaMesure(rendezVous, mesure));
