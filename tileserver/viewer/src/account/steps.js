// Which steps of an inquiry somebody may take: what the server allows, so that nothing else is offered.
const after = {
  received: ["with_municipality", "closed"],
  with_municipality: ["introduced", "closed"],
  introduced: ["closed"],
  closed: [],
};

export function next_states({ state }, role) {
  const following = after[state] ?? [];
  return role === "company" ? following.filter((next) => next === "closed") : following;
}

// Whoever asked may only withdraw.
export function closing_reasons(inquiry, role) {
  return role === "company" ? ["withdrawn"] : ["agreed", "not_agreed", "no_match", "withdrawn", "duplicate", "other"];
}

// Who may read a note, the writer's own side first.
export function readers(role) {
  return { operator: ["operator", "municipality", "company"], municipality: ["municipality", "company"] }[role] ?? ["company"];
}
