/* Le parcours d'un dossier déborde d'un téléphone : l'étape en cours est amenée au milieu. */
export function showStep() {
  for (const step of document.querySelectorAll("[data-parcours] [aria-current]")) {
    const line = step.parentElement;
    line.scrollLeft = step.offsetLeft - (line.clientWidth - step.offsetWidth) / 2;
  }
}
