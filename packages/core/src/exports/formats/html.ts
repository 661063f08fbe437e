import { createHash } from "node:crypto";
import type { Message } from "../../types.ts";
import { clockOf, dayOf, momentOf, plainLine, plainText, type Renderer, startsDay } from "./renderer.ts";

/** How an exported chat looks: by day and by night, on small screens and on paper. */
const style = `
:root{color-scheme:light dark;--paper:#fafcfc;--ink:#16232b;--soft:#52636c;--line:#dbe2e4}
@media (prefers-color-scheme:dark){:root{--paper:#141c21;--ink:#e3eaec;--soft:#9fb0b8;--line:#2f3b42}}
*{box-sizing:border-box;margin:0}
body{background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;
  padding:3rem 1.25rem 4rem;-webkit-text-size-adjust:100%}
header,main,footer{max-width:44rem;margin:0 auto}
h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.015em;overflow-wrap:anywhere;text-wrap:balance}
header p,footer,h2,time{color:var(--soft);font-size:.8125rem}
header p{margin-top:.5rem}
header{padding-bottom:1rem}
h2{display:flex;align-items:center;gap:.75rem;font-weight:500;margin:2rem 0 .5rem}
h2::before,h2::after{content:"";flex:1;border-top:1px solid var(--line)}
article{display:grid;grid-template-columns:2.25rem minmax(0,1fr);column-gap:.75rem;margin-top:1.25rem;
  content-visibility:auto;contain-intrinsic-size:auto 4rem}
article.more{margin-top:.25rem}
article>i{width:2.25rem;height:2.25rem;border-radius:50%;display:grid;place-items:center;font-style:normal;
  font-weight:600;font-size:.875rem;background:hsl(var(--hue) 45% 88%);color:hsl(var(--hue) 55% 20%)}
@media (prefers-color-scheme:dark){
  article>i{background:hsl(var(--hue) 35% 24%);color:hsl(var(--hue) 60% 88%)}}
article>div{grid-column:2}
h3{display:inline;font-size:.875rem;font-weight:600;overflow-wrap:anywhere}
time{margin-left:.5rem;font-variant-numeric:tabular-nums}
pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}
footer{border-top:1px solid var(--line);margin-top:3rem;padding-top:1rem;overflow-wrap:anywhere}
.h0{--hue:200}.h1{--hue:170}.h2{--hue:85}.h3{--hue:40}.h4{--hue:20}.h5{--hue:345}.h6{--hue:265}
@media print{
  :root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb}
  body{padding:0;font-size:10.5pt}
  article{content-visibility:visible;break-inside:auto}
  h2{break-after:avoid}
  article>i{border:1px solid var(--line);background:none;color:inherit}
}
`;

/**
 * What the file may do once it is opened: look as it does. No script, no address that is fetched, no frame,
 * no form, whatever a text may have brought in.
 */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256")
  .update(style)
  .digest("base64")}'; base-uri 'none'; form-action 'none'`;

/** How many colours there are for authors: the classes \`h0\` and so on. */
const colours = 7;

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

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text for an element or a quoted attribute, that shows as it is. */
function escapeHtml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? "");
}

/** The same on one line. */
function escapeHtmlLine(text: string): string {
  return escapeHtml(plainLine(text));
}
