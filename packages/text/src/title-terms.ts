import { foldText } from "./fold-text.ts";
import { partHasher } from "./hash-part.ts";

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
  const hash = partHasher(tenantId);
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

/** Of what all must be there a few are enough to ask for: each has the index read all titles that have it. */
const mostGrams = 4;
/** What leaves more than this of the titles is not worth reading for. */
const mostLeft = 0.7;
/** So few titles say nothing of others. */
const tooFew = 8;

/**
 * What to ask the index for, so that it finds every title with a part in it: a few of what all must be there, which
 * few of a `sample` of titles have together. Undefined: a single character of the alphabet has no number, for it stands
 * in about every title.
 *
 * @param folded the part as `foldText` has it
 */
export function partTerms(
  tenantId: string,
  folded: string,
  sample: readonly string[] = [],
): PartTerms | undefined {
  const hash = partHasher(tenantId);
  const characters = [...folded];
  if (characters.length >= gramLength) {
    const places = characters.slice(gramLength - 1).keys();
    const grams = new Set([...places].map((place) => characters.slice(place, place + gramLength).join("")));
    return { match: "all", terms: rarestTogether([...grams], sample).map(hash) };
  }
  if (characters.length === 2)
    return { match: "any", terms: [folded, ...[...alphabet].map((next) => folded + next)].map(hash) };
  return characters.length === 1 && !plain.test(folded) ? { match: "any", terms: [hash(folded)] } : undefined;
}

/**
 * Some of `grams`: the rarest, then what leaves the fewest titles of those that have all that is chosen, and where
 * these are too few to tell, what is rare by itself and far from the others, for neighbours come together. A fourth is
 * asked for where three are in many titles.
 */
function rarestTogether(grams: string[], sample: readonly string[]): string[] {
  const having = (titles: readonly string[], gram: string) => titles.filter((title) => title.includes(gram));
  const all = grams.map((gram, place) => ({ gram, place, count: having(sample, gram).length }));
  const chosen: typeof all = [];
  let left = sample;
  let expected = sample.length;
  while (chosen.length < mostGrams && (chosen.length < mostGrams - 1 || expected > 0.5)) {
    const tells = left.length >= tooFew;
    const weighed = all
      .filter((one) => !chosen.includes(one))
      .map((one) => {
        const distance = Math.min(gramLength, ...chosen.map(({ place }) => Math.abs(place - one.place)));
        const together = tells && chosen.length > 0 ? having(left, one.gram).length : one.count;
        return { one, together, weight: tells ? together : (one.count + 1) / distance };
      });
    const next = weighed.toSorted((a, b) => a.weight - b.weight)[0];
    const isWorth = next && next.together <= mostLeft * (tells ? left.length : sample.length);
    if (!next || (chosen.length > 0 && !isWorth)) break;
    chosen.push(next.one);
    left = having(left, next.one.gram);
    expected *= next.one.count / sample.length;
  }
  return chosen.map(({ gram }) => gram);
}
