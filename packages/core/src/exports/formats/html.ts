import type { Message } from "../../types.ts";
import { escapeHtml, escapeHtmlLine } from "./escape-html.ts";
import { colours, policy, style } from "./html-style.ts";
import type { Renderer } from "./renderer.ts";
import { clockOf, dayOf, momentOf, startsDay } from "./utc.ts";

/** A pause after which the author's name is said again; milliseconds. */
const pause = 5 * 60_000;

/** A page that needs nothing but itself, runs nothing, and shows every text as it was written. */
export const html: Renderer = {
  contentType: "text/html; charset=utf-8",
  extension: "html",
  begin: ({ chat }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escapeHtmlLine(chat.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1 dir="auto">${escapeHtmlLine(chat.title)}</h1>
<p>${chat.messageCount} ${chat.messageCount === 1 ? "message" : "messages"}, begun ${momentOf(chat.createdAt)}. All times are UTC.</p>
</header>
<main>
`,
  message: (message, before) =>
    (startsDay(message.createdAt, before?.createdAt) ? `<h2>${dayOf(message.createdAt)}</h2>\n` : "") +
    (continues(message, before) ? more(message) : first(message)),
  end: ({ chat, exportId, exportedAt }) => `</main>
<footer>
<p>Exported by Lethe at ${momentOf(exportedAt)}: chat ${chat.id}, version ${chat.version}, export ${exportId}</p>
</footer>
</body>
</html>
`,
};

const first = (message: Message) =>
  `<article id="m${message.seq}"><i class="h${colourOf(message.author)}" aria-hidden="true">` +
  `${escapeHtmlLine(initialOf(message.author))}</i><div><h3><bdi>${escapeHtmlLine(message.author)}</bdi></h3>` +
  `<time datetime="${message.createdAt.toISOString()}">${clockOf(message.createdAt)}</time>${bodyOf(message)}`;

const more = (message: Message) => `<article id="m${message.seq}" class="more"><div>${bodyOf(message)}`;

// A line feed right after <pre> is dropped by browsers, so there is always one that is not the text's.
const bodyOf = ({ body }: Message) => `<pre dir="auto">\n${escapeHtml(body)}</pre></div></article>\n`;

function continues(message: Message, before: Message | undefined): boolean {
  return (
    before !== undefined &&
    before.author === message.author &&
    !startsDay(message.createdAt, before.createdAt) &&
    message.createdAt.getTime() - before.createdAt.getTime() < pause
  );
}

const initialOf = (author: string) => [...author.trim()][0]?.toUpperCase() ?? "?";

/** The same author has the same colour everywhere. */
function colourOf(author: string): number {
  let sum = 7;
  for (const letter of author) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % colours;
}
