/** Characters that are not seen, other than white space: they join, steer or stand for nothing (UAX #44). */
const unseen = /\p{Default_Ignorable_Code_Point}|(?!\p{White_Space})\p{Cc}|[\uFFF9-\uFFFB]/gu;
/** What is seen as a gap. Braille has a blank of its own. */
const gap = /[\p{White_Space}\u2800]+/gu;
/** Hyphens that are drawn like that of ASCII and mean something to line breaking only. */
const hyphen = /[\u2010\u2011]/g;
const ascii = /^[\x20-\x7E]*$/;

/**
 * A text in the one form in which texts are compared: two texts that a person sees as the same are the same in it.
 * That is Unicode's compatibility caseless matching (The Unicode Standard, definition D146: NFKC and full case
 * folding), with three things more: what is not seen is left out, any white space is one space and none at the ends,
 * and the dots of i make no difference, for I is the capital of one kind in Turkish and of the other elsewhere.
 *
 * It takes no notice of languages, and folding twice is folding once. It is for comparing, never for showing.
 */
export function foldText(text: string): string {
  if (ascii.test(text)) return text.toLowerCase().replace(/ +/g, " ").trim();
  return foldCase(text.normalize("NFKD").replace(unseen, ""))
    .replaceAll("i\u0307", "i")
    .normalize("NFKC")
    .replace(hyphen, "-")
    .replace(gap, " ")
    .trim();
}

/**
 * Full case folding by way of the capitals, which also folds the dotless i. Down first, because ẞ is a capital that
 * has ß and not SS for its small letter; and the sigma at the end of a word is one like all others.
 */
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
