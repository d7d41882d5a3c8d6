// Facts by subject, for a menu that one can find something in. The one thing about facts that the page decides.
import { words } from "./words.js";

const subjects = [
  ["water", /water|pipe|spare|seismic|laid|undertaking/],
  ["power", /power|grid|substation|_kv|_mw/],
  ["hazard", /flood|soil|protected|hazard|landslide|tsunami/],
  ["cost", /price|jpy|cost/],
  ["zoning", /district|division|zon|farmland|five_area|promotion|plan/],
  ["access", /_km$|_m$|interchange|port|station|distance/],
  ["land", /area|_ha$|extend|geology|drainage|land|coast/],
];

// [{ title, facts }] in the order of the subjects; a fact that says its own group goes there.
export function grouped(facts) {
  const groups = new Map([...["land", "zoning", "access", "water", "power", "hazard", "cost"].map((id) => [id, []]), ["other", []]]);
  for (const fact of facts) {
    const id = groups.has(fact.group) ? fact.group : subjects.find(([, pattern]) => pattern.test(fact.name))?.[0] ?? "other";
    groups.get(id).push(fact);
  }
  return [...groups].filter(([, members]) => members.length > 0)
    .map(([id, members]) => ({ title: words.groups[id] ?? words.other_group, facts: members }));
}
