import type { VersionCondition } from "@lethe/core";
import { RefusedInput } from "../errors/refused-input.ts";

/** The strong validator of a chat: it changes with every message and edit (RFC 9110, section 8.8.3). */
export const etagOf = (version: number): string => `"${version}"`;

/** What `If-Match` and `If-None-Match` list; `*` stands for whatever there is. */
export type EntityTags = "*" | readonly EntityTag[];
/** `tag` has its quotes. */
type EntityTag = { weak: boolean; tag: string };

/** What a request demands of the state that it meets (RFC 9110, section 13). */
export type Preconditions = { ifMatch?: EntityTags | undefined; ifNoneMatch?: EntityTags | undefined };

/**
 * The preconditions of a request; undefined if it has none. Those that go by a date are no conditions here, where nothing
 * has a `Last-Modified` (sections 13.1.3 and 13.1.4).
 *
 * @param header gives a header of the request
 * @throws RefusedInput (BAD_REQUEST) for a header that is not a list of entity tags
 */
export function readPreconditions(header: (name: string) => string | undefined): Preconditions | undefined {
  const [ifMatch, ifNoneMatch] = [header("If-Match"), header("If-None-Match")];
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return {
    ...(ifMatch !== undefined && { ifMatch: parseEntityTags("If-Match", ifMatch) }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch: parseEntityTags("If-None-Match", ifNoneMatch) }),
  };
}

/** One member of the list: an entity tag, weak or strong. Optional white space and empty members are allowed. */
const member = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*"))?[ \t]*(?:,|$)/y;
const longestHeader = 4_096;

function parseEntityTags(name: string, header: string): EntityTags {
  if (header.trim() === "*") return "*";
  const tags: EntityTag[] = [];
  member.lastIndex = 0;
  while (member.lastIndex < header.length) {
    const match = header.length > longestHeader ? null : member.exec(header);
    if (!match) throw malformed(name);
    const [, weak, tag] = match;
    if (tag !== undefined) tags.push({ weak: weak !== undefined, tag });
  }
  if (tags.length === 0) throw malformed(name);
  return tags;
}

function malformed(name: string): RefusedInput {
  const message =
    `${name} must be * or a list of entity tags in double quotes, of at most ${longestHeader} characters: ` +
    'send the ETag as you got it, such as "3"';
  return new RefusedInput([{ field: name, message }]);
}

/**
 * The preconditions of a change in the words of core. `If-Match` compares strongly, so that a weak tag matches nothing,
 * and `If-None-Match` weakly. Tags that are none of ours match no chat. A chat that is there never meets
 * `If-None-Match: *`.
 */
export function versionCondition({ ifMatch = "*", ifNoneMatch = [] }: Preconditions): VersionCondition {
  if (ifNoneMatch === "*") return { versions: [] };
  return {
    ...(ifMatch !== "*" && { versions: versionsOf(ifMatch.filter(({ weak }) => !weak)) }),
    ...(ifNoneMatch.length > 0 && { exceptVersions: versionsOf(ifNoneMatch) }),
  };
}

const ours = /^"([1-9]\d{0,9})"$/;
const largestVersion = 2_147_483_647;

function versionsOf(tags: readonly EntityTag[]): number[] {
  const versions = tags.map(({ tag }) => Number(ours.exec(tag)?.[1] ?? Number.NaN));
  return [...new Set(versions.filter((version) => version <= largestVersion))];
}

/**
 * What a read answers whose preconditions are judged by what it would answer without them: 412, 304 or, if they are met,
 * just that. In the order of section 13.2.2.
 *
 * @param etag of that answer; null if it has none, which no list matches
 */
export function judgeRead(
  { ifMatch = "*", ifNoneMatch = [] }: Preconditions,
  etag: string | null,
): "failed" | "not_modified" | "met" {
  const opaque = etag?.replace(/^W\//, "");
  const strong = opaque === etag;
  if (ifMatch !== "*" && !ifMatch.some(({ weak, tag }) => strong && !weak && tag === opaque)) return "failed";
  if (ifNoneMatch === "*" || ifNoneMatch.some(({ tag }) => tag === opaque)) return "not_modified";
  return "met";
}
