// Builds elements. Text goes in as text, never as markup, so nothing from the data can become code.
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

export function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// A link only where the text is a web address: data must not be able to name javascript: or file:.
export function linked(value) {
  return /^https?:\/\/\S+$/.test(value) ? element("a", { href: value, rel: "noopener noreferrer", target: "_blank" }, value) : value;
}
