// The question as it is asked (inputs of the process match-sites) and what a form can edit of it.

const is_number = (value) => value === undefined || Number.isFinite(value);

// What kind of row edits a criterion; "other" is shown and asked as it is.
export function kind_of(criterion, choices) {
  const keys = Object.keys(criterion);
  const only = (...allowed) => keys.every((key) => [...allowed, "weight", "required"].includes(key));
  if ("fact" in criterion) {
    const fact = choices.facts.find(({ name }) => name === criterion.fact);
    if (!fact) return "other";
    const { min, max, ideal, in: values } = criterion;
    const right = fact.form === "number" ? [min, max, ideal].every(is_number) : values === undefined || Array.isArray(values);
    return right && only("fact", ...(fact.form === "number" ? ["min", "max", "ideal"] : ["in"])) ? fact.form : "other";
  }
  if ("constraint" in criterion) {
    return only("constraint", "max_share") && is_number(criterion.max_share) && choices.constraints.some(({ name }) => name === criterion.constraint) ? "constraint" : "other";
  }
  if ("near" in criterion) {
    const { near } = criterion;
    const simple = near && typeof near === "object" && is_number(near.max_km) && is_number(criterion.ideal_km) && Object.keys(near).every((key) => ["layer", "filter", "max_km"].includes(key)) && (near.filter === undefined || typeof near.filter === "string");
    return only("near", "ideal_km") && simple && choices.layers.some(({ id }) => id === near.layer) ? "near" : "other";
  }
  if ("away_from" in criterion) {
    const keys_of_place = Object.keys(criterion.away_from ?? {}).sort().join();
    const same = criterion.outside_same ?? [];
    return only("away_from", "min_km", "ideal_km", "outside_same") && ["point", "id,layer"].includes(keys_of_place)
      && is_number(criterion.min_km) && is_number(criterion.ideal_km) && is_place(criterion.away_from) && Array.isArray(same) && same.every((name) => choices.facts.some((fact) => fact.name === name)) ? "away" : "other";
  }
  return "other";
}

function is_place({ point }) {
  return point === undefined || (Array.isArray(point) && point.length === 2 && point.every(Number.isFinite));
}

// Criteria of an example or a link of which this server does not know the fact are left out.
export function answerable(criteria, choices) {
  return criteria.filter((criterion) => !("fact" in criterion) || choices.facts.some(({ name }) => name === criterion.fact))
    .filter((criterion) => !("constraint" in criterion) || choices.constraints.some(({ name }) => name === criterion.constraint))
    .filter((criterion) => !("near" in criterion) || choices.layers.some(({ id }) => id === criterion.near?.layer));
}

export function box_polygon([west, south, east, north]) {
  return { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}

// "15202, 152048 １５２０４" -> ["15202", "15204"]; null when anything is no code. Two digits are a prefecture; a sixth is
// the check digit.
export function typed_codes(text) {
  const parts = text.normalize("NFKC").split(/[\s,、]+/).filter(Boolean);
  if (parts.length === 0 || !parts.every((part) => /^(\d{2}|\d{5,6})$/.test(part))) return null;
  return [...new Set(parts.map((part) => part.slice(0, 5)))];
}

// A question from a link: null when it is none.
export function question_of_text(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" && Array.isArray(value.criteria)
      && value.criteria.every((criterion) => criterion && typeof criterion === "object" && is_number(criterion.weight)
        && ["undefined", "boolean"].includes(typeof criterion.required)) ? value : null;
  } catch {
    return null;
  }
}
