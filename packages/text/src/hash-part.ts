/**
 * Hashes parts of texts for an index, mixed with the tenant, so that tenants share next to none: FNV-1a over UTF-16 code
 * units, begun with the tenant, and mixed by the end of MurmurHash3. Signed 32-bit numbers: two parts may have the same, so
 * what they find is to be compared.
 */
export function partHasher(tenantId: string): (part: string) => number {
  const seed = step(0x811c9dc5, tenantId.toLowerCase());
  return (part) => {
    let hash = step(seed, part);
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
