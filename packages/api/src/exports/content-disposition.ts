/**
 * `Content-Disposition` (RFC 6266) of a file to be saved under a name in any language (RFC 8187), with one
 * in ASCII for who cannot read that.
 */
export function attachment(filename: string): string {
  return `attachment; filename="${inAscii(filename)}"; filename*=UTF-8''${encoded(filename)}`;
}

function inAscii(filename: string): string {
  const bare = filename.normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/[^\x20-\x7e]+|["\\%]/g, "_");
}

/** All that is no `attr-char` as percent and hexadecimal digits. */
function encoded(filename: string): string {
  return encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
