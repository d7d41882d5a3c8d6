// Signing in with a key, and what one can do then.
import { remember_open } from "../dock.js";
import { element } from "../dom.js";
import { could_be_key, keep_key, key } from "../key.js";
import { Refusal, ask_json, words_of } from "../server.js";
import { text, titled } from "../texts.js";
import { ask_form } from "./ask.js";
import { inquiry_list } from "./inquiries.js";
import { moment_text } from "./moments.js";
import { words } from "./words.js";

// Everything that was seen with another key goes: the page starts anew, where one looks stays in the address.
function start_anew() {
  remember_open("account");
  location.reload();
}

// open(): brings the panel to the front.
export function make_account({ panel, button, open }) {
  let caller = null;
  let list = null;
  let layer_title = null; // until the layers are known
  let asking = null; // the site that an inquiry is being written about

  function sign_in_form(said) {
    const field = element("input", { type: "password", id: "key", autocomplete: "off", spellcheck: "false", class: "wide" });
    const trouble = element("p", { class: "trouble", role: "alert", hidden: !said }, said);
    const submit = element("button", { type: "submit", class: "main" }, words.sign_in);
    const show = element("input", { type: "checkbox", onchange: () => { field.type = show.checked ? "text" : "password"; } });
    const complain = (message) => {
      trouble.textContent = message;
      trouble.hidden = false;
      field.focus();
    };
    return element("form", { onsubmit: async (event) => {
      event.preventDefault();
      const typed = field.value.trim();
      if (!could_be_key(typed)) return complain(words.wrong_form);
      submit.disabled = true;
      submit.textContent = words.checking;
      keep_key(typed);
      try {
        await ask_json("session");
        start_anew();
      } catch (error) {
        keep_key("");
        const refused = error instanceof Refusal && error.status === 401;
        complain(refused ? [words.refused, error.problem.detail, error.problem.remedy].filter(Boolean).join(" ") : words_of(error));
      }
      submit.disabled = false;
      submit.textContent = words.sign_in;
      return undefined;
    } },
      element("p", { class: "note" }, words.intro),
      element("label", { for: "key" }, words.key), field,
      element("label", { class: "check" }, show, element("span", {}, words.show_key)),
      trouble, submit);
  }

  function who_card() {
    const rows = [[words.holder, caller.holder || text.unknown], [words.role, words.roles[caller.role] ?? caller.role]];
    if (caller.area?.length) rows.push([words.home, caller.area.join(", ")]);
    rows.push([words.expires, caller.expires_at ? moment_text(caller.expires_at) : words.never]);
    return element("div", { class: "who" },
      element("dl", {}, ...rows.flatMap(([title, value]) => [element("dt", {}, title), element("dd", {}, value)])),
      element("button", { type: "button", onclick: () => { keep_key(""); start_anew(); } }, words.sign_out));
  }

  function render(said = "") {
    const heading = element("h2", { tabindex: "-1" }, caller ? caller.holder || words.heading : words.heading);
    const body = element("div", { class: "tool-body" });
    panel.replaceChildren(heading, body);
    button.textContent = caller ? caller.holder || words.roles[caller.role] : text.sign_in;
    button.classList.toggle("signed-in", caller !== null);
    list = null;
    if (!caller) {
      body.append(sign_in_form(said));
      return;
    }
    body.append(who_card());
    if (asking) {
      body.append(ask_form(asking, (reference) => {
        asking = null;
        render(reference ? words.sent(reference) : "");
        list?.refresh();
      }));
    }
    if (said) body.append(element("p", { class: "good", role: "status" }, said));
    if (layer_title) {
      list = inquiry_list(caller.role, layer_title);
      body.append(list.node);
    }
  }

  return {
    // Who the page speaks for: null is the public. A key that does not work any more is forgotten, and said.
    async who() {
      let said = "";
      if (key()) {
        try {
          caller = await ask_json("session");
        } catch (error) {
          if (!(error instanceof Refusal) || error.status !== 401) throw error;
          keep_key("");
          said = [words.ended, error.problem.detail].filter(Boolean).join(" ");
        }
      }
      render(said);
      if (said) open();
      return caller;
    },
    refresh: () => list?.refresh(),
    bring_layers(layers) {
      layer_title = (id) => titled(layers.find((layer) => layer.id === id)?.title, id);
      if (caller) render();
    },
    may_inquire: () => caller?.role === "company",
    ask_about(site) {
      asking = site;
      render();
      open();
      panel.querySelector("textarea")?.focus();
    },
  };
}
