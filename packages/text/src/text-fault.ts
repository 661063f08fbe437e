/** Control characters (ISO 6429) but for those that are white space of one byte: line feed, tab and their like. */
const control = /(?![\t-\r])\p{Cc}/u;
/** Code points that are no characters and never will be (The Unicode Standard, section 23.7). */
const noncharacter = /\p{Noncharacter_Code_Point}/u;
/**
 * What leaves no mark where it is shown: what Unicode says so of, format characters but for the Arabic, Syriac and Kaithi
 * signs that stand around numbers, and blanks that Unicode takes for letters, symbols or marks: of Braille, musical
 * notation, Egyptian hieroglyphs and the Khitan script, and the place of an object.
 */
const unseen =
  /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Noncharacter_Code_Point}\u2800\uFFFC\u{1D159}\u{13441}\u{13442}\u{16FE4}]|(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}])\p{Cf}/gu;

/**
 * What is wrong with a text that is to be stored and shown, and how to put it right, in words that follow its name
 * ("title must not …"); null if it is fine. An empty text is fine.
 *
 * @param kind a `name` is shown among others, on one line and on terminals, and people have to find it; `prose`
 *   stands for itself
 */
export function textFault(text: string, kind: "name" | "prose"): string | null {
  if (text.includes("\u0000")) return "must not contain the character U+0000; remove it";
  if (!text.isWellFormed())
    return "must be well-formed Unicode; it contains half of a surrogate pair, remove or complete it";
  if (text === "") return null;
  if (text.trim() === "") return "must not consist of white space only";
  if (kind === "prose") return null;
  const [found] = control.exec(text) ?? [];
  if (found) return `must not contain the control character ${codePoint(found)}; remove it`;
  const [none] = noncharacter.exec(text) ?? [];
  if (none) return `must not contain ${codePoint(none)}, which is no character; remove it`;
  if (text.replace(unseen, "") === "")
    return "must have something in it that can be seen; it has invisible characters only";
  return directionFault(text);
}

const directions = /[\u202A-\u202E\u2066-\u2069]/g;
/** What closes each that opens a part in a direction of its own (UAX #9). */
const closing: Record<string, string> = {
  "\u202A": "\u202C",
  "\u202B": "\u202C",
  "\u2066": "\u2069",
  "\u2067": "\u2069",
  "\u2068": "\u2069",
};

/**
 * What would turn around the text beside a name, in every list, mail and terminal that shows it: parts in another direction
 * that are not closed, and what is closed without having been opened. Overrides turn letters around and write no language.
 */
function directionFault(text: string): string | null {
  const open: string[] = [];
  for (const [found] of text.matchAll(directions)) {
    if (found === "\u202D" || found === "\u202E")
      return `must not contain ${codePoint(found)}, which turns letters around; remove it`;
    if (Object.hasOwn(closing, found)) open.push(found);
    else if (closing[open.pop() ?? ""] !== found)
      return `must not contain ${codePoint(found)} without what it closes; remove it`;
  }
  const [left] = open;
  return left === undefined
    ? null
    : `must not contain ${codePoint(left)} without ${codePoint(closing[left] ?? left)}, which closes it; remove or close it`;
}

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
