// The tools beside the map: a button for each in the head of the page, and at most one of them open.
const narrow = 760;
const place = "ritchi-open";

function remembered() {
  try {
    const name = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    return name;
  } catch {
    return null;
  }
}

// Which tool to open after the page has been loaded anew.
export function remember_open(name) {
  try {
    sessionStorage.setItem(place, name);
  } catch { /* the layers open instead */ }
}

// tools: [{name, title, panel, on_open}]; buttons are toggle-<name>.
export function make_dock(tools) {
  const button_of = ({ name }) => document.getElementById(`toggle-${name}`);
  let current = null;
  const open = (name, { focus = false } = {}) => {
    current = name;
    for (const tool of tools) {
      const shown = tool.name === name;
      tool.panel.hidden = !shown;
      button_of(tool).setAttribute("aria-expanded", String(shown));
      if (shown) tool.on_open?.();
      if (shown && focus) tool.panel.querySelector("h2")?.focus({ preventScroll: true });
    }
    document.body.dataset.open = name ?? "";
    document.body.classList.remove("lowered");
  };
  for (const tool of tools) {
    const button = button_of(tool);
    button.textContent = tool.title;
    tool.panel.setAttribute("aria-label", tool.title);
    button.addEventListener("click", () => open(current === tool.name ? null : tool.name, { focus: true }));
    tool.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
      open(null);
      button.focus();
    });
  }
  open(remembered() ?? (window.innerWidth > narrow ? "layers" : null));
  return {
    open,
    is_open: (name) => current === name,
    is_narrow: () => window.innerWidth <= narrow,
    // On a narrow screen the map must be seen while one draws on it.
    lower: (low) => document.body.classList.toggle("lowered", low),
  };
}
