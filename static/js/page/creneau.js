/* Un créneau choisi remplit la date, l'heure, la durée et le lieu ; changés à la main, ils ne sont plus ce créneau. */
const FIELDS = ["date", "heure", "duree", "lieu"];

function put(form, name, value) {
  const radio = form.querySelector(`input[type="radio"][name="${name}"][value="${CSS.escape(value)}"]`);
  if (radio) radio.checked = true;
  else (form.elements[`${name}_autre`] ?? form.elements[name]).value = value;
}

function choose({ target }) {
  const { form } = target;
  if (target.name === "creneau") {
    for (const name of FIELDS) put(form, name, target.dataset[name]);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (FIELDS.includes(target.name)) {
    const chosen = form?.querySelector('[name="creneau"]:checked');
    if (chosen) chosen.checked = false;
  }
}

export const startSlots = () => document.addEventListener("change", choose);
