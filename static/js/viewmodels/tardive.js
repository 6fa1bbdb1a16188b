// Ce qui est arrivé tard dans une fiche, et pourquoi : miroir de app/viewmodels/tardive.py.
const CAUSES = {
  referent: "reçue après le changement de référent",
  pret: "reçue après la fin du prêt",
  appareil: "reçue d’un appareil retiré ou d’un compte fermé",
  membre: "reçue après que son auteur a quitté le cahier",
};

export const tardive = (fiche) => (fiche.tardive ? (CAUSES[fiche.tardive] ?? "reçue en retard") : null);
