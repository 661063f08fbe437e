import { foldText } from "./fold-text.ts";

/** Characters of which there are few: what may follow in place of another can be counted out. */
const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789 ";
const plain = /^[a-z0-9 ]*$/;
const gramLength = 3;

/** A title as it is compared, and the numbers under which it is found. */
export function foldTitle(tenantId: string, title: string): { folded: string; terms: number[] } {
  const folded = foldText(title);
  return { folded, terms: titleTerms(tenantId, folded) };
}

/**
 * The numbers under which a title is found: one for what begins at each of its characters, three characters long, or
 * shorter at its end. Where one of the three is not of the alphabet, which other scripts are not, there is one for its
 * first character and for the first two as well. All are mixed with the tenant, so that tenants share next to none.
 *
 * They are 32-bit hashes: two parts may have the same, so what they find is to be compared. And nothing that was
 * written can be read from an index, which keeps its keys when their last title is gone.
 *
 * @param folded the title as `foldText` has it
 */
function titleTerms(tenantId: string, folded: string): number[] {
  const hash = hasher(tenantId);
  const characters = [...folded];
  const terms = new Set<number>();
  for (const [place, first] of characters.entries()) {
    const [second = "", third = ""] = characters.slice(place + 1, place + gramLength);
    terms.add(hash(first + second + third));
    if (plain.test(first + second + third)) continue;
    terms.add(hash(first));
    terms.add(hash(first + second));
  }
  return [...terms];
}

/** Numbers, and whether a title must have all of them or any to be looked at. */
export type PartTerms = { match: "all" | "any"; terms: number[] };

/**
 * What to ask the index for, so that it finds every title with a part in it. What is rare in a `sample` of titles
 * comes first: of what all must be there, the first few are enough to ask for. Undefined: a single character of the
 * alphabet has no number, for it stands in about every title.
 *
 * @param folded the part as `foldText` has it
 */
export function partTerms(
  tenantId: string,
  folded: string,
  sample: readonly string[] = [],
): PartTerms | undefined {
  const hash = hasher(tenantId);
  const characters = [...folded];
  if (characters.length >= gramLength) {
    const places = characters.slice(gramLength - 1).keys();
    const grams = new Set([...places].map((place) => characters.slice(place, place + gramLength).join("")));
    const counted = [...grams].map((gram) => ({
      gram,
      count: sample.filter((title) => title.includes(gram)).length,
    }));
    const rarestFirst = counted.toSorted((one, other) => one.count - other.count);
    return { match: "all", terms: rarestFirst.map(({ gram }) => hash(gram)) };
  }
  if (characters.length === 2)
    return { match: "any", terms: [folded, ...[...alphabet].map((next) => folded + next)].map(hash) };
  return characters.length === 1 && !plain.test(folded) ? { match: "any", terms: [hash(folded)] } : undefined;
}

/** FNV-1a over UTF-16 code units, begun with the tenant, and mixed by the end of MurmurHash3: a signed 32-bit number. */
function hasher(tenantId: string): (gram: string) => number {
  const seed = step(0x811c9dc5, tenantId.toLowerCase());
  return (gram) => {
    let hash = step(seed, gram);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  };
}

function step(begun: number, text: string): number {
  let hash = begun;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
