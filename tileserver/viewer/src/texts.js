// The page's own words. Words of the data (layers, attributes, codes) come from the server.
const texts = {
  ja: {
    tagline: "産業用地の地図 ― 適地・農地・工業用水・投資",
    layers: "レイヤと凡例",
    other_language: "English",
    skip: "地図へ移動",
    map: "地図。矢印キーで移動、＋−で拡大縮小、Enterで中央の地物を表示",
    unknown: "不明",
    yes: "はい",
    no: "いいえ",
    synthetic: "合成データ",
    synthetic_short: "合成",
    synthetic_part: "合成データを含む",
    synthetic_note: "実在しない、動作確認用に作られたデータです",
    zoom_in: "拡大すると表示",
    count: "件",
    close: "閉じる",
    features: "選んだ場所の地物",
    nothing_here: "この場所に地物はありません",
    source: "出典",
    as_of: "時点",
    licence: "利用条件",
    attribution: "クレジット",
    revision: "データ版",
    source_id: "原典の番号",
    dataset: "データについて",
    age: "経過年数",
    over_life: "法定耐用年数40年を経過",
    years: "年",
    failed: "地図データの一部を読み込めません",
    failed_start: "地図を始められません",
    retry: "再読込",
    empty: "公開されているデータがまだありません。ritchi import で取り込むと、ここに表示されます。",
    no_webgl: "このブラウザでは WebGL2 が使えないため、地図を表示できません。",
    loading: "読み込み中…",
    other_layers: "その他のレイヤ",
    all_sources: "出典・クレジット",
    zoom_to: "範囲を表示",
  },
  en: {
    tagline: "Industrial land on one map: sites, farmland, industrial water, investment",
    layers: "Layers and legend",
    other_language: "日本語",
    skip: "Skip to the map",
    map: "Map. Arrow keys move, plus and minus zoom, Enter shows the features in the middle",
    unknown: "unknown",
    yes: "yes",
    no: "no",
    synthetic: "Synthetic data",
    synthetic_short: "synthetic",
    synthetic_part: "Contains synthetic data",
    synthetic_note: "Made up to try the software; nothing of it exists",
    zoom_in: "zoom in to see",
    count: "",
    close: "Close",
    features: "Features at this place",
    nothing_here: "There is nothing at this place",
    source: "Source",
    as_of: "As of",
    licence: "Terms",
    attribution: "Attribution",
    revision: "Revision",
    source_id: "Id at the source",
    dataset: "About the data",
    age: "Age",
    over_life: "past the statutory life of 40 years",
    years: "years",
    failed: "Some of the map's data cannot be loaded",
    failed_start: "The map cannot start",
    retry: "Reload",
    empty: "No data is published yet. What you bring in with ritchi import appears here.",
    no_webgl: "This browser offers no WebGL2, which the map needs.",
    loading: "Loading…",
    other_layers: "Other layers",
    all_sources: "Sources",
    zoom_to: "Zoom to extent",
  },
};

export function choose_language() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "ja" || asked === "en") return asked;
  return (navigator.languages ?? [navigator.language]).some((tag) => /^ja\b/i.test(tag)) ? "ja" : "en";
}

export const language = choose_language();
export const text = texts[language];

// {"ja": …, "en": …}, a plain text or nothing.
export function titled(title, fallback = "") {
  if (title === null || title === undefined) return fallback;
  return typeof title === "string" ? title : (title[language] || title.ja || title.en || fallback);
}
