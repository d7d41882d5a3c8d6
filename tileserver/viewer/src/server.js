// What the page asks of the server: the list of layers and the style, with addresses of this very server.
import { fiscal_year } from "./format.js";

const base = new URL(".", document.baseURI).href.replace(/\/$/, "");

async function fetch_text(path) {
  const response = await fetch(`${base}/${path}`, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

export async function fetch_layers() {
  return JSON.parse(await fetch_text("layers.json")).layers;
}

export async function fetch_style(layers) {
  const ids = layers.map((layer) => layer.id);
  const style = JSON.parse((await fetch_text("styles/ritchi")).replaceAll('"{fiscal_year}"', String(fiscal_year())));
  const source = style.sources.ritchi;
  const published_base = source.url.split("/xyz/")[0];
  const published = ids.filter((id) => style.layers.some((layer) => layer["source-layer"] === id));
  style.layers = style.layers.filter((layer) => !layer["source-layer"] || published.includes(layer["source-layer"]));
  if (published.length > 0) source.url = `${base}/xyz/${published.join(",")}.json`;
  else delete style.sources.ritchi;
  return { style, published_base };
}

export function layer_source_url(id) {
  return `${base}/xyz/${encodeURIComponent(id)}.json`;
}

// Answers name the server by its public address. Seen through a tunnel or another name, that address is
// foreign to the page, so it is asked where the page came from.
export function same_server(published_base) {
  return (url) => (url.startsWith(`${published_base}/`) ? { url: base + url.slice(published_base.length) } : { url });
}
