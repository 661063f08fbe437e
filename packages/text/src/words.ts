import { foldText } from "./fold-text.ts";

/** A word as it is compared, and where it stands in its text, in UTF-16 code units. */
export type Word = {
  word: string;
  start: number;
  end: number;
  /** A character that is a word by itself: of a script that has no spaces between words, or a symbol. */
  isSign: boolean;
  /** Whether nothing stands between it and the one before. */
  follows: boolean;
};

const unspaced =
  "(?=[\\p{L}\\p{N}])[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}\\u30FC\\uFF70]";
/** What belongs to the character before it. */
const joined = "[\\p{M}\\p{Default_Ignorable_Code_Point}\\uFF9E\\uFF9F]*";
const signOrWord = new RegExp(
  `(?<sign>(?:${unspaced}|\\p{So})${joined})|(?:(?!${unspaced})[\\p{L}\\p{N}\\p{M}\\p{Default_Ignorable_Code_Point}])+`,
  "gu",
);
const asciiWord = /[a-z0-9]+/gi;
// biome-ignore lint/suspicious/noControlCharactersInRegex: It is the range of ASCII.
const ascii = /^[\x00-\x7F]*$/;

/**
 * The words of a text: what letters and digits stand together, folded as `foldText` does it. Of scripts that have no spaces
 * between words each character is one, and so is a symbol such as an emoji; punctuation is none.
 */
export function wordsOf(text: string): Word[] {
  if (ascii.test(text))
    return Array.from(text.matchAll(asciiWord), ({ 0: raw, index }) => {
      const end = index + raw.length;
      return { word: raw.toLowerCase(), start: index, end, isSign: false, follows: false };
    });
  const words: Word[] = [];
  for (const { 0: raw, index: start } of text.matchAll(signOrWord)) {
    // One character may be folded to several words: ㍿ is written for four of them.
    for (const { 0: word, groups, index } of foldText(raw).matchAll(signOrWord)) {
      const follows = index > 0 || words.at(-1)?.end === start;
      words.push({ word, start, end: start + raw.length, isSign: groups?.sign !== undefined, follows });
    }
  }
  return words;
}

/** What a word is found by that is no word by itself, in UTF-16 code units: what is shorter is found as it is. */
export const shortest = 3;

/** What is looked for: a word by its beginning, or signs that follow one another. */
export type Wanted = { words: readonly string[]; isSign: boolean };

/** What a person looks for who writes this: messages in which each of these stands, anywhere. */
export function wantedIn(query: string): Wanted[] {
  const wanted: { words: string[]; isSign: boolean }[] = [];
  for (const { word, isSign, follows } of wordsOf(query)) {
    const last = wanted.at(-1);
    if (isSign && follows && last?.isSign) last.words.push(word);
    else wanted.push({ words: [word], isSign });
  }
  return [...new Map(wanted.map((one) => [one.words.join(""), one])).values()];
}

/** Where in a text something stands that is wanted, and which of it. */
export type Place = { start: number; end: number; wanted: number };

/**
 * Where a text has what is wanted, in its order, the whole words; null if something of it is missing. Words of one
 * letter or two are found as they are, others by their beginning.
 */
export function findWanted(text: string, wanted: readonly Wanted[]): Place[] | null {
  const words = wordsOf(text);
  const places: Place[] = [];
  const missing = new Set(wanted.keys());
  for (const [at, { start }] of words.entries()) {
    for (const [index, one] of wanted.entries()) {
      const last = endOf(words, at, one);
      if (last === undefined) continue;
      missing.delete(index);
      places.push({ start, end: last.end, wanted: index });
    }
  }
  return missing.size === 0 ? places : null;
}

/** The last word of what is wanted where it stands at a place. */
function endOf(words: readonly Word[], at: number, wanted: Wanted): Word | undefined {
  const [first = ""] = wanted.words;
  if (!wanted.isSign) {
    const found = words[at];
    const isThere = first.length < shortest ? found?.word === first : found?.word.startsWith(first);
    return isThere && !found?.isSign ? found : undefined;
  }
  const isThere = wanted.words.every((word, place) => {
    const found = words[at + place];
    return found?.isSign && found.word === word && (place === 0 || found.follows);
  });
  return isThere ? words[at + wanted.words.length - 1] : undefined;
}
