// Saving an answer as a file. With a key it must be fetched, since a link cannot carry the key.
import { element } from "./dom.js";
import { key } from "./key.js";
import { ask, own_address } from "./server.js";

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 60000);
}

// question: { href } of a link that holds it, or { path, body } to send it by POST.
// on_trouble(error) hears of what goes wrong.
export function download_link(title, name, accept, { href, path, body }, on_trouble) {
  if (href && !key()) return element("a", { href: own_address(href), download: name }, title);
  return element("button", { type: "button", class: "link", onclick: async () => {
    try {
      const response = await (href ? ask(href, { accept }) : ask(path, { method: "POST", body, accept }));
      save(await response.blob(), name);
    } catch (error) {
      on_trouble(error);
    }
  } }, title);
}
