// What the page asks of the server: the list of layers and the style, with addresses of this very server.
import { fiscal_year } from "./format.js";
import { with_key } from "./key.js";
import { language, text } from "./texts.js";

const base = new URL(".", document.baseURI).href.replace(/\/$/, "");

// An answer that is none: the server says what, where and what to do (RFC 9457).
export class Refusal extends Error {
  constructor(status, problem, path) {
    super(problem.detail || problem.title || `${path}: ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

async function problem_of(response) {
  try {
    return /json/.test(response.headers.get("Content-Type") ?? "") ? await response.json() : {};
  } catch {
    return {};
  }
}

// path: relative to the page, or an address of this server. Throws Refusal, or TypeError when nobody answers.
export async function ask(path, { method = "GET", body, accept = "application/json", signal } = {}) {
  const sent = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await fetch(own_address(path), { ...with_key({ Accept: accept, "Accept-Language": language, ...sent }), method, signal,
    body: body === undefined ? undefined : JSON.stringify(body) });
  if (!response.ok) throw new Refusal(response.status, await problem_of(response), path);
  return response;
}

export async function ask_json(path, options) {
  return (await ask(path, options)).json();
}

// The server names things by its public address. Seen through a tunnel or by another name, that address is
// foreign to the page, so everything is asked where the page came from.
export function own_address(path) {
  if (!/^https?:/.test(path)) return `${base}/${path.replace(/^\//, "")}`;
  const at = path.search(/\/(xyz|processes|inquiries|session|collections)\b/);
  return at > 0 ? base + path.slice(at) : path;
}

// Words for people: of a refusal the server's own, otherwise that nobody answered.
export function words_of(error) {
  if (error instanceof Refusal) return error.status === 401 ? `${text.key_refused} ${error.problem.detail ?? ""}`.trim() : error.message;
  return error instanceof TypeError ? text.unreachable : String(error?.message ?? error);
}

export async function fetch_layers() {
  return (await ask_json("layers.json")).layers;
}

// Only what is published, in one request per tile for all layers that the style knows.
export async function fetch_style(layers) {
  const style = JSON.parse((await (await ask("styles/ritchi")).text()).replaceAll('"{fiscal_year}"', String(fiscal_year())));
  for (const layer of style.layers) {
    const words = layer.metadata?.["ritchi:text-field"]?.[language];
    if (words) layer.layout["text-field"] = words;
  }
  const styled = new Set(style.layers.map((layer) => layer["source-layer"]));
  const published = layers.map((layer) => layer.id).filter((id) => styled.has(id));
  style.layers = style.layers.filter((layer) => !layer["source-layer"] || published.includes(layer["source-layer"]));
  style.sources = published.length > 0 ? { ritchi: { type: "vector", url: layer_source_url(published) } } : {};
  return style;
}

export function layer_source_url(ids) {
  return `${base}/xyz/${ids.map(encodeURIComponent).join(",")}.json`;
}

// The key goes to this server and nowhere else.
export function same_server(url) {
  const at = url.indexOf("/xyz/");
  const asked = at > 0 ? base + url.slice(at) : url;
  return asked.startsWith(`${base}/`) ? { url: asked, ...with_key() } : { url: asked };
}
