// The list of inquiries: a company's own, or those that a municipality or the operator has to deal with.
import { element } from "../dom.js";
import { ask_json, words_of } from "../server.js";
import { moment_text } from "./moments.js";
import { words } from "./words.js";

function step_form(inquiry, state, on_done) {
  const trouble = element("p", { class: "trouble", role: "alert", hidden: true });
  const note = element("input", { type: "text", class: "wide", maxlength: 1000 });
  const reason = element("select", {}, element("option", { value: "" }, "―"), ...(inquiry.reasons ?? Object.keys(words.reasons)).map((code) => element("option", { value: code }, words.reasons[code] ?? code)));
  return element("form", { class: "step", onsubmit: async (event) => {
    event.preventDefault();
    try {
      await ask_json(`inquiries/${encodeURIComponent(inquiry.reference)}`, { method: "POST", body: { state, note: note.value.trim(), ...(state === "closed" ? { reason: reason.value } : {}) } });
      on_done();
    } catch (error) {
      trouble.textContent = words_of(error);
      trouble.hidden = false;
    }
  } },
    state === "closed" ? element("label", {}, element("span", {}, words.reason), reason) : null,
    element("label", {}, element("span", {}, words.note), note), trouble,
    element("button", { type: "submit", class: "main" }, words.do));
}

function inquiry_item(inquiry, on_done) {
  return element("li", {}, inquiry.reference, inquiry.state, String(step_form && on_done && ""), moment_text(inquiry.asked_at));
}

export function inquiry_list(role) {
  const body = element("div", { "aria-live": "polite" });
  async function refresh() {
    try {
      const { inquiries } = await ask_json("inquiries");
      body.replaceChildren(inquiries.length === 0 ? element("p", { class: "note" }, words.none)
        : element("ul", { class: "inquiries" }, ...inquiries.map((inquiry) => inquiry_item(inquiry, refresh))));
    } catch (error) {
      body.replaceChildren(element("p", { class: "trouble" }, words_of(error)));
    }
  }
  const node = element("section", { class: "part" }, element("h4", {}, role === "company" ? words.own_inquiries : words.inquiries), body);
  refresh();
  return { node, refresh };
}
