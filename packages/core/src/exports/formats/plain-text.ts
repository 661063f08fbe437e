/** Control characters, but for tab and line feed. */
const controls = /(?![\t\n])\p{Cc}/gu;
/** They turn around the direction of what follows, up to the end of its paragraph. */
const directions = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text for people to read: lines end in one way, and control characters are shown instead of obeyed.
 * What is written in two directions still is, as far as the characters themselves say.
 */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, picture).replace(directions, "\ufffd");
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text)
    .replace(/[\s\u2028\u2029]+/g, " ")
    .trim();
}

/** The picture of a control character (Unicode block 2400). */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}
