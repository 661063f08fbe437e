import { plainLine, plainText } from "./plain-text.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text for an element or a quoted attribute, that shows as it is. */
export function escapeHtml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? "");
}

/** The same on one line. */
export function escapeHtmlLine(text: string): string {
  return escapeHtml(plainLine(text));
}
