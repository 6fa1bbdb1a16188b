/* L'heure proposée avec un jour ne vaut que pour lui : un autre jour la vide, et qui la connaît la donne. */
const PROPOSED = "[data-heure-proposee]";

export function startHour(root = document) {
  function onChange({ target }) {
    const around = target.closest?.(PROPOSED);
    const hour = target.type === "date" && around?.querySelector("input[type=time]");
    if (!hour) return;
    const sameDay = target.value === target.defaultValue;
    if (sameDay && !hour.value) hour.value = hour.defaultValue;
    else if (!sameDay && hour.value === hour.defaultValue) hour.value = "";
  }

  root.addEventListener("change", onChange);
}
