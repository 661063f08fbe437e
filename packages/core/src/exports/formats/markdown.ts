import { dayOf, momentOf, plainLine, plainText, type Renderer, startsDay } from "./renderer.ts";

/** Markdown (CommonMark) that shows every text as it was written. */
export const markdown: Renderer = {
  contentType: "text/markdown; charset=utf-8",
  extension: "md",
  begin: ({ chat, exportId, exportedAt }) =>
    `# ${escapeMarkdownLine(chat.title)}\n\n` +
    `${chat.messageCount} ${chat.messageCount === 1 ? "message" : "messages"}, ` +
    `begun ${momentOf(chat.createdAt)}\n\n` +
    `Exported by Lethe at ${momentOf(exportedAt)}: chat \`${chat.id}\`, version ${chat.version}, ` +
    `export \`${exportId}\`\n`,
  message: ({ seq, author, body, createdAt }, before) =>
    `${startsDay(createdAt, before?.createdAt) ? `\n## ${dayOf(createdAt)}\n` : ""}\n` +
    `**${escapeMarkdownLine(author)}** · ${momentOf(createdAt)} · ${seq}\n\n${escapeMarkdown(body)}\n`,
  end: () => "\n---\n\nEnd of the export.\n",
};

/** Some renderers make links of these even where their signs are escaped: addresses, mail, names of hosts. */
const linked = /@|\/\/|\p{L}:\S|[\p{L}\d-]\.\p{L}{2}/u;
/** What means something within a line, in CommonMark or one of its many extensions. */
const inline = /[\\`*_{}[\]#|~$^=%]/g;
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * A text in Markdown that shows as it is, line by line: nothing in it becomes a link, an image, HTML, a
 * heading, a list, a quotation or code. What renderers would make a link of is shown as code, which they
 * leave alone. Entities and not backslashes hide `<` and `&`, because old renderers know no others.
 */
export function escapeMarkdown(text: string): string {
  const lines = plainText(text)
    .split(/[\n\u2028\u2029]/)
    .map(escapeLine);
  return lines.map((line, index) => line + lineEnd(line, lines[index + 1])).join("");
}

/** The same for what has to stay on one line, such as a heading. */
function escapeMarkdownLine(text: string): string {
  return escapeLine(plainLine(text));
}

/** A line that goes on in the next one, an empty line that ends a paragraph, or the last line. */
function lineEnd(line: string, next: string | undefined): string {
  if (next === undefined) return "";
  return line === "" || next === "" ? "\n" : "\\\n";
}

function escapeLine(line: string): string {
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  const words = line.slice(indent.length).trimEnd();
  if (words === "") return "";
  const escaped = words.replace(/\S+/g, (word) => (linked.test(word) ? code(word) : escapeWord(word)));
  return indentation(indent) + escaped.replace(/^[-+:]/, "\\$&").replace(/^(\d+)([.)])/, "$1\\$2");
}

function escapeWord(word: string): string {
  return word.replace(/[&<>]/g, (sign) => entities[sign] ?? "").replace(inline, "\\$&");
}

/** Spaces at the begin of a line would be dropped, or make code of it. */
function indentation(white: string): string {
  return "&nbsp;".repeat(white.replaceAll("\t", "    ").length);
}

/** A code span, fenced with more backticks than follow each other within. */
function code(word: string): string {
  const longest = Math.max(0, ...(word.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = word.startsWith("`") || word.endsWith("`") ? " " : "";
  return fence + pad + word + pad + fence;
}
