import { partHasher } from "./hash-part.ts";
import { shortest, type Wanted, wordsOf } from "./words.ts";

/** A word has a number for its first so many characters each: it is found while it is being written. */
const lengths = [8, 6, 4, 3];
/** Of what all must be there a few are enough to ask for. */
const mostAsked = 4;

/**
 * The numbers under which a message is found: hashes of the beginnings of its words, and of each sign and each two that
 * follow one another. From them what was written cannot be read.
 */
export function messageTerms(tenantId: string, body: string): number[] {
  const parts = new Set<string>();
  let before = "";
  for (const { word, isSign, follows } of wordsOf(body)) {
    if (isSign) {
      parts.add(word);
      if (follows && before !== "") parts.add(before + word);
      before = word;
      continue;
    }
    before = "";
    if (word.length < shortest) parts.add(word);
    for (const length of lengths) if (word.length >= length) parts.add(word.slice(0, length));
  }
  return [...new Set([...parts].map(partHasher(tenantId)))];
}

/** What to ask the index for, so that it finds every message with all that is wanted: the longest parts, which are rare. */
export function wantedTerms(tenantId: string, wanted: readonly Wanted[]): number[] {
  const parts = new Set(wanted.flatMap(partsOf));
  const longest = [...parts].toSorted((a, b) => b.length - a.length).slice(0, mostAsked);
  return longest.map(partHasher(tenantId));
}

function partsOf({ words, isSign }: Wanted): string[] {
  const [first = ""] = words;
  if (!isSign)
    return [
      first.slice(
        0,
        lengths.find((length) => length <= first.length),
      ),
    ];
  return words.length === 1 ? [first] : words.slice(1).map((word, at) => `${words[at]}${word}`);
}
