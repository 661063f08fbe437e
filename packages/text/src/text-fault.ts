import { foldText } from "./fold-text.ts";

/** Control characters (ISO 6429) but for those that are white space. */
const control = /(?!\p{White_Space})\p{Cc}/u;

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
  if (foldText(text) === "")
    return "must have something in it that can be seen; it has invisible characters only";
  return null;
}

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
