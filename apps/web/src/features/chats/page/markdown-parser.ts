import MarkdownIt from "markdown-it";

/** As many levels as somebody means; markdown-it would leave out what is deeper. */
const maxNesting = 20;

/** Reads a message: CommonMark with tables and strikethrough, without HTML and images. All that is said in it is in the tokens. */
export const parser = new MarkdownIt("default", { html: false, linkify: true, breaks: true, maxNesting });
// Whoever reads a message must not tell another server so.
parser.disable("image");
// A name with a dot in it is no address: only what says that it is one.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
parser.validateLink = (href) => safeHref(href) !== undefined;

// Before all other rules: in the last level that there is (an item of a list takes two), everything is text.
parser.block.ruler.before("table", "text_when_deep", (state, start, end, silent) => {
  if (silent || state.level < maxNesting - 2) return false;
  let next = start + 1;
  while (next < end && (state.isEmpty(next) || (state.sCount[next] ?? 0) >= state.blkIndent)) next += 1;
  state.push("paragraph_open", "p", 1);
  const text = state.push("inline", "", 0);
  text.content = state.getLines(start, next, state.blkIndent, false).trim();
  text.children = [];
  state.push("paragraph_close", "p", -1);
  state.line = next;
  return true;
});

/** The address of a link, if it is one that may be followed. */
export function safeHref(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  return ["http:", "https:", "mailto:"].includes(new URL(href).protocol) ? href : undefined;
}
