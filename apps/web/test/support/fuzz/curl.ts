import type { FuzzRequest } from "./requests.ts";

/** Bodies longer than this are not worth reading; bytes. */
const longest = 4_000;

/**
 * The request as a command for bash, in which `$URL` is the address of a server and `$KEY` is `apiKey`. Of a truncated
 * body curl can only wait for the rest, and give up.
 */
export function toCurl({ method, path, headers, body, framing }: FuzzRequest, apiKey: string): string {
  const length = body?.length ?? 0;
  const hasBody = body !== null || framing !== "length";
  const sent = [
    ...headers,
    ...(framing === "chunked" ? [["Transfer-Encoding", "chunked"]] : []),
    ...(framing === "truncated" ? [["Content-Length", `${length + 10}`]] : []),
  ].map(([name = "", value = ""]) => {
    if (value === apiKey && apiKey !== "") return `-H "${name}: $KEY"`;
    // This is how curl sends a header without a value.
    return `-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`;
  });
  // curl would wait for a body of the answer.
  const verb = method === "HEAD" && !hasBody ? "--head" : `-i -X ${method}`;
  const data = hasBody ? ["--max-time 5 --data-binary @-"] : [];
  const curl = [`curl ${verb} --path-as-is --globoff`, ...sent, ...data, `"$URL"${quote(path)}`].join(" ");
  if (!hasBody) return curl;
  if (length > longest) return `(a body of ${length} bytes) | ${curl}`;
  return `printf %s '${Buffer.from(body ?? []).toString("base64")}' | base64 -d | ${curl}`;
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
