/* Lire un formulaire envoyé : {champ: texte, ou [textes] quand il est répété}. */

export async function readForm(request) {
  const fields = {};
  for (const [name, value] of await request.formData()) {
    if (typeof value !== "string") continue;
    if (!(name in fields)) fields[name] = value;
    else fields[name] = [fields[name], value].flat();
  }
  return fields;
}

export const one = (fields, name) => [fields[name] ?? ""].flat()[0];
