// Rapport des essais JavaScript : les échecs en entier, puis une ligne de bilan.
export default async function* rapport(evenements) {
  const bilan = { reussis: 0, echoues: 0 };
  for await (const { type, data } of evenements) {
    if (type === "test:pass" && data.details.type !== "suite") bilan.reussis += 1;
    if (type === "test:fail" && data.details.type !== "suite") {
      bilan.echoues += 1;
      const erreur = data.details.error;
      yield `ÉCHEC ${data.file ?? ""} : ${data.name}\n${erreur?.cause?.stack ?? erreur?.stack ?? erreur}\n`;
    }
    if (type === "test:stderr") yield data.message;
  }
  yield `JavaScript : ${bilan.reussis} essais réussis, ${bilan.echoues} en échec\n`;
}
