import type { FuzzRequest } from "./requests.ts";

/** Bodies longer than this are not worth reading; bytes. */
const longest = 4_000;

/**
 * The request as a command for a shell, in which `$URL` is the address of a server and `$KEY` is `apiKey`.
 */
export function toCurl({ method, path, headers, body, framing }: FuzzRequest, apiKey: string): string {
  const length = body?.length ?? 0;
  const sent = [
    ...headers,
    ...(framing === "chunked" ? [["Transfer-Encoding", "chunked"]] : []),
    ...(framing === "truncated" ? [["Content-Length", `${length + 10}`]] : []),
  ].map(([name = "", value = ""]) => {
    if (value === apiKey && apiKey !== "") return `-H "${name}: $KEY"`;
    // This is how curl sends a header without a value.
    return `-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`;
  });
  const data = body === null ? [] : ["--data-binary @-"];
  const curl = [
    "curl -i --path-as-is --globoff",
    "-X",
    method,
    ...sent,
    ...data,
    `"$URL"${quote(path)}`,
  ].join(" ");
  if (body === null) return curl;
  if (length > longest) return `(a body of ${length} bytes) | ${curl}`;
  return `printf %s ${Buffer.from(body).toString("base64")} | base64 -d | ${curl}`;
}

/** A word of bash. Header values are bytes, one a character. */
function quote(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(
    /[^\x20-\x7e]|['\\]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `$'${escaped}'`;
}
