import { escapeMarkdown, escapeMarkdownLine } from "./escape-markdown.ts";
import type { Renderer } from "./renderer.ts";
import { dayOf, momentOf, startsDay } from "./utc.ts";

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
