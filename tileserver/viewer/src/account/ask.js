// Writing an inquiry about a site, or about a site as a question describes it.
import { element } from "../dom.js";
import { ask_json, words_of } from "../server.js";
import { text } from "../texts.js";
import { words } from "./words.js";

// site: { layer, id, name } or { like }, the inputs of match-sites. on_done(id, or nothing when given up)
export function ask_form(site, on_done) {
  const trouble = element("p", { class: "trouble", role: "alert", hidden: true });
  const message = element("textarea", { id: "inquiry-message", maxlength: 4000 });
  const contact = element("input", { type: "text", id: "inquiry-contact", class: "wide", maxlength: 200, autocomplete: "email" });
  const send = element("button", { type: "submit", class: "main" }, words.send);
  const complain = (words_said, field) => {
    trouble.textContent = words_said;
    trouble.hidden = false;
    field?.focus();
  };
  return element("form", { class: "ask-form", "aria-label": words.ask, onsubmit: async (event) => {
    event.preventDefault();
    if (!message.value.trim()) return complain(words.message_missing, message);
    if (!contact.value.trim()) return complain(words.contact_missing, contact);
    send.disabled = true;
    send.textContent = words.sending;
    try {
      const body = { ...(site.like ? { like: site.like } : { site: { layer: site.layer, id: site.id } }), message: message.value.trim(), contact: contact.value.trim() };
      on_done((await ask_json("inquiries", { method: "POST", body })).id);
    } catch (error) {
      complain([words_of(error), error.problem?.remedy].filter(Boolean).join(" "));
      send.disabled = false;
      send.textContent = words.send;
    }
    return undefined;
  } },
    element("strong", {}, words.ask),
    element("p", {}, `${words.about}${text.colon}${site.like ? words.site_like : site.name || words.site(site.layer, site.id)}`),
    element("label", { for: "inquiry-message" }, words.message), message,
    element("label", { for: "inquiry-contact" }, words.contact), contact,
    trouble,
    element("div", { class: "buttons" }, send, element("button", { type: "button", onclick: () => on_done() }, words.cancel)));
}
