/** Receipts that one check takes at most. */
const most = 100;

/**
 * The receipts in a text: alone, one a line, or within the JSON of an answer. A receipt is a compact JWS
 * (RFC 7515), whose first part begins like that of any JSON object. Each is answered once.
 */
export function findReceipts(text: string): string[] {
  const found = text.match(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  return [...new Set(found)].slice(0, most);
}
