import { LetheError } from "@lethe/core";

/** The strong validator of a chat: it changes with every message and edit (RFC 9110, section 8.8.3). */
export const etagOf = (version: number): string => `"${version}"`;

/** One member of the list: an entity tag, weak or strong. Optional white space and empty members are allowed. */
const member = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)")?[ \t]*(?:,|$)/y;
const longestHeader = 4_096;
const ours = /^[1-9]\d{0,9}$/;
const largestVersion = 2_147_483_647;

/**
 * The versions that an `If-Match` header allows (RFC 9110, section 13.1.1).
 *
 * @returns undefined for no condition: no header, or `*`, which any existing chat meets. Else the
 *   versions of the strong tags that could be ours; weak and foreign tags match nothing, so that the
 *   list may be empty and no chat meets it.
 * @throws BAD_REQUEST for a header that is not a list of entity tags
 */
export function parseIfMatch(header: string | undefined): number[] | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const versions = new Set<number>();
  let tags = 0;
  member.lastIndex = 0;
  while (member.lastIndex < header.length) {
    const match = header.length > longestHeader ? null : member.exec(header);
    if (!match) throw malformed();
    const [, weak, tag] = match;
    if (tag === undefined) continue;
    tags += 1;
    if (!weak && ours.test(tag) && Number(tag) <= largestVersion) versions.add(Number(tag));
  }
  if (tags === 0) throw malformed();
  return [...versions];
}

const malformed = () =>
  new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    'If-Match must be * or a list of entity tags in double quotes: send the ETag of the chat as you got it, such as "3"',
  );
