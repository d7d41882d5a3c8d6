// The list of inquiries: one's own, or those that a municipality or the operator has to deal with.
import { write_hash } from "../address.js";
import { element } from "../dom.js";
import { ask_json, words_of } from "../server.js";
import { text } from "../texts.js";
import { moment_text } from "./moments.js";
import { closing_reasons, next_states, readers } from "./steps.js";
import { words } from "./words.js";

function choice(title, entries) {
  const select = element("select", {}, ...entries.map(([value, name]) => element("option", { value }, name)));
  return { select, node: element("label", {}, element("span", {}, title), select) };
}

// What can be done with an inquiry: its next state, or a note alone.
function step_form(inquiry, role, on_done) {
  const next = choice(words.next, [["", words.note_only], ...next_states(inquiry, role).map((state) => [state, words.to_state[state]])]);
  const reason = choice(words.reason, [["", "―"], ...closing_reasons(inquiry, role).map((code) => [code, words.reasons[code]])]);
  const reader = choice(words.note_for, readers(role).map((name) => [name, words.readers[name]]));
  const code = element("input", { type: "text", inputmode: "numeric", class: "number", maxlength: 5 });
  const code_label = element("label", {}, element("span", {}, words.municipality_code), code);
  const note = element("textarea", { class: "wide", maxlength: 1300, "aria-label": words.note, placeholder: words.note });
  const trouble = element("p", { class: "trouble", role: "alert", hidden: true });
  const submit = element("button", { type: "submit", class: "main" }, words.do);
  const refresh = () => {
    reason.node.hidden = next.select.value !== "closed";
    code_label.hidden = next.select.value !== "with_municipality" || Boolean(inquiry.municipality_code);
  };
  next.select.addEventListener("change", refresh);
  refresh();
  const complain = (said) => {
    trouble.textContent = said;
    trouble.hidden = false;
  };
  return element("form", { class: "step", onsubmit: async (event) => {
    event.preventDefault();
    const to = next.select.value;
    if (to === "closed" && !reason.select.value) return complain(words.reason_missing);
    submit.disabled = true;
    try {
      const body = {
        version: inquiry.version,
        ...(to ? { to } : {}),
        ...(to === "closed" ? { reason: reason.select.value } : {}),
        ...(note.value.trim() ? { note: note.value.trim(), ...(reader.select.value ? { note_for: reader.select.value } : {}) } : {}),
        ...(code_label.hidden ? {} : { municipality_code: code.value.normalize("NFKC").trim() }),
      };
      await ask_json(`inquiries/${encodeURIComponent(inquiry.id)}/transitions`, { method: "POST", body });
      on_done();
    } catch (error) {
      complain([words_of(error), error.problem?.remedy].filter(Boolean).join(" "));
      submit.disabled = false;
    }
    return undefined;
  } },
    element("div", { class: "row" }, next.node, reason.node, code_label),
    note, element("div", { class: "row" }, readers(role).length > 1 ? reader.node : null, submit), trouble);
}

function subject_of(inquiry, layer_title) {
  if (inquiry.like) {
    return element("span", {}, `${words.site_like} `, element("a", { href: write_hash({ match: JSON.stringify(inquiry.like) }) }, words.open_question));
  }
  return inquiry.site ? words.site(layer_title(inquiry.site.layer), inquiry.site.id) : words.site_gone;
}

function step_line(step) {
  const what = step.from === step.to ? words.note : words.states[step.to] ?? step.to;
  return element("li", {}, element("strong", {}, what), step.reason ? ` (${words.reasons[step.reason] ?? step.reason})` : "",
    element("small", {}, ` ${moment_text(step.at)} ${step.by.holder ?? words.roles[step.by.role] ?? ""}`), step.note ? element("p", {}, step.note) : null);
}

function inquiry_item(inquiry, { role, layer_title, on_done }) {
  const history = element("div");
  const more = element("details", {}, element("summary", {}, words.history), history);
  more.addEventListener("toggle", async () => {
    if (!more.open || history.childElementCount > 0) return;
    try {
      const whole = await ask_json(`inquiries/${encodeURIComponent(inquiry.id)}`);
      history.append(element("ol", { class: "steps" }, ...(whole.steps ?? []).map(step_line)));
      if (inquiry.state !== "closed") history.append(step_form(whole, role, on_done));
    } catch (error) {
      history.append(element("p", { class: "trouble" }, words_of(error)));
    }
  });
  const line = (title, value) => (value ? element("div", {}, element("small", {}, `${title}${text.colon}`), value) : null);
  return element("li", { "data-inquiry": inquiry.id },
    element("div", { class: "row head" }, element("strong", {}, inquiry.id),
      element("span", { class: `state-chip ${inquiry.state}` }, words.states[inquiry.state] ?? inquiry.state)),
    line(words.about, subject_of(inquiry, layer_title)),
    role === "company" ? null : line(words.from, inquiry.by.holder),
    line(words.municipality_code, inquiry.municipality_code),
    line(words.asked, moment_text(inquiry.asked_at)),
    element("p", {}, inquiry.message),
    role === "company" ? null : line(words.contact, inquiry.contact),
    more);
}

// layer_title(id): in the page's language.
export function inquiry_list(role, layer_title) {
  const body = element("div", { "aria-live": "polite" });
  async function show(path, list) {
    const { inquiries, links } = await ask_json(path);
    list.append(...inquiries.map((inquiry) => inquiry_item(inquiry, { role, layer_title, on_done: refresh })));
    const next = links?.find(({ rel }) => rel === "next")?.href;
    const more = next ? element("button", { type: "button", onclick: () => attempt(async () => { await show(next, list); more.remove(); }) }, words.more) : null;
    if (more) body.append(more);
    return inquiries.length;
  }
  async function attempt(act) {
    try {
      await act();
    } catch (error) {
      body.replaceChildren(element("p", { class: "trouble", role: "alert" }, words_of(error)));
    }
  }
  const refresh = () => attempt(async () => {
    const list = element("ul", { class: "inquiries" });
    body.replaceChildren(list);
    if (await show("inquiries", list) > 0) return;
    body.replaceChildren(element("p", { class: "note" }, words.none, role === "company" ? ` ${words.ask_hint}` : ""));
  });
  const node = element("section", { class: "part" },
    element("div", { class: "row head" }, element("h4", {}, role === "company" ? words.own_inquiries : words.inquiries),
      element("button", { type: "button", class: "link", onclick: refresh }, words.reload)),
    body);
  refresh();
  return { node, refresh };
}
