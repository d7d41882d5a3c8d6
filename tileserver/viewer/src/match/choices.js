// What can be asked: facts and constraints as the process describes its inputs, and the layers there are.

// The names that a schema lists, with what a form needs to know of each.
function listed(kinds, member) {
  const schema = kinds.find((kind) => kind.properties?.[member])?.properties[member] ?? {};
  return (schema.anyOf ?? schema.oneOf ?? []).filter((choice) => choice.const !== undefined);
}

// What row of the form edits a fact: one of its codes is chosen where it has some.
function form_of(choice) {
  if (choice["x-codes"]?.length) return "codes";
  return choice["x-form"] ?? "number";
}

// description: of the process; its texts are in the page's language. layers: all that the server has.
export function read_choices(description, layers) {
  const kinds = description.inputs.criteria.schema.items.oneOf;
  const constraints = listed(kinds, "constraint").map(({ const: name, title, description: how }) => ({ name, title, description: how }));
  const facts = listed(kinds, "fact").filter(({ const: name }) => !constraints.some((constraint) => constraint.name === name))
    .map((choice) => ({ name: choice.const, title: choice.title, description: choice.description, unit: choice["x-unit"] ?? null,
      codes: choice["x-codes"] ?? [], is_set: choice["x-form"] === "texts", form: form_of(choice) }));
  return {
    facts,
    constraints,
    layers: layers.map(({ id, title }) => ({ id, title })),
    layer_title: (id) => layers.find((layer) => layer.id === id)?.title,
  };
}
