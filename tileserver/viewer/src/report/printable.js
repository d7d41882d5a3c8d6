// The printable page of an answer in a window of its own.

// The page's strict policy holds in windows that it fills: a style sheet within the text is taken out and given to
// the window as an object, and no script of the text ever runs.
function fill(target, html) {
  const sheets = [];
  const bare = html.replace(/<style[^>]*>([^]*?)<\/style>/gi, (whole, rules) => {
    const sheet = new target.CSSStyleSheet();
    sheet.replaceSync(rules);
    sheets.push(sheet);
    return "";
  });
  const parsed = new DOMParser().parseFromString(bare, "text/html");
  parsed.querySelectorAll("script").forEach((script) => script.remove());
  const { document } = target;
  document.open();
  document.write("<!doctype html><title></title>"); // an empty window lays out as browsers of the nineties did
  document.close();
  document.replaceChild(document.adoptNode(parsed.documentElement), document.documentElement);
  document.adoptedStyleSheets = sheets;
}

// fetch_html(): resolves with the page's text. The window is opened at once, as browsers demand of a click.
// false where the browser allows no window.
export async function open_printable(fetch_html) {
  const target = window.open("", "_blank");
  if (!target) return false;
  try {
    fill(target, await fetch_html());
    return true;
  } catch (error) {
    target.close();
    throw error;
  }
}
