// Points in time as the server says them (UTC), as people in Japan read them.
import { language } from "../texts.js";

const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Tokyo" });
const day_format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });

export function moment_text(value) {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return String(value);
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? day_format.format(time) : format.format(time);
}
