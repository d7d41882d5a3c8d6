// What can be asked: facts, constraints and layers, as the process describes its inputs.
export function read_choices(description, layers) {
  const of = description.inputs.criteria.schema;
  const kinds = of.items.oneOf;
  const values = (schema) => schema.oneOf ?? [];
  const fact_kind = kinds.find((kind) => kind.properties?.fact);
  const constraint_kind = kinds.find((kind) => kind.properties?.constraint);
  return {
    facts: values(fact_kind.properties.fact).map((fact) => ({ name: fact.const, title: fact.title, unit: fact.unit ?? null, codes: fact.codes ?? [], form: fact.codes?.length ? "codes" : fact.form ?? "number" })),
    constraints: values(constraint_kind.properties.constraint).map(({ const: name, title }) => ({ name, title })),
    layers: layers.map(({ id, title }) => ({ id, title })),
    layer_title: (id) => layers.find((layer) => layer.id === id)?.title,
  };
}
