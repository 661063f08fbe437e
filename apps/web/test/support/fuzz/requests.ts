import { arbitrary } from "@lethe/api/testing";
import fc from "fast-check";
import type { Operation } from "./openapi-document.ts";
import { cursorsOf, mixed, type Pool, valuesOf } from "./values.ts";

const { headerValue, segment } = arbitrary;

type Header = [name: string, value: string];

/** A request of HTTP/1.1, as it goes over the wire. */
export type FuzzRequest = {
  operation: Operation;
  method: string;
  /** The target: path and query. */
  path: string;
  headers: Header[];
  body: Uint8Array | null;
  /** How its end is told; a truncated one is shorter than it says, and then the client is done. */
  framing: "length" | "chunked" | "truncated";
  /** Whether the path is one of the operation's, so that its answers are described under it. */
  exact: boolean;
};

/** Requests to every operation: valid ones, nearly valid ones and hostile ones. */
export function fuzzRequests(operations: readonly Operation[], pool: Pool): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(...operations.map((operation) => requestsTo(operation, pool)));
}

function requestsTo(operation: Operation, pool: Pool): fc.Arbitrary<FuzzRequest> {
  const method = fc.constant(operation.method);
  const framing = (value: FuzzRequest["framing"]) => fc.constant(value);
  return fc
    .record({
      method: mixed([96, 0, 4], method, method, arbitrary.method),
      path: pathOf(operation, pool),
      query: queryOf(operation, pool),
      headers: headersOf(operation, pool),
      body: bodyOf(operation, pool),
      framing: mixed([94, 4, 2], framing("length"), framing("chunked"), framing("truncated")),
    })
    .map(({ path: { text, exact }, query, ...request }) => ({
      ...request,
      operation,
      exact,
      path: `${text}${query === "" ? "" : `?${query}`}`,
    }));
}

function pathOf({ path, parameters }: Operation, pool: Pool): fc.Arbitrary<{ text: string; exact: boolean }> {
  const names = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
  const values = names.map((name) => {
    const known = fc.constantFrom(...(pool.ids[name] ?? []));
    return mixed(
      [94, 3, 3],
      known.map((text) => ({ text, exact: true })),
      fc
        .oneof(
          known.map((id) => id.toUpperCase()),
          known.map((id) => id.slice(1)),
          known.map((id) => `${id}%20`),
          known.map((id) => id.replaceAll("-", "")),
        )
        // Without it, `/messages/` is the list.
        .map((text) => ({ text, exact: text !== "" })),
      segment.map((text) => ({ text: text.replace(/[?#]/g, "~"), exact: false })),
    );
  });
  const tail = mixed([96, 1, 3], fc.constant(""), fc.constant("/"), fc.constantFrom("//", "/x", "%2F"));
  return fc.tuple(fc.tuple(...values), tail).map(([parts, end]) => ({
    text:
      names.reduce((text, name, index) => text.replace(`{${name}}`, parts[index]?.text ?? ""), path) + end,
    exact: (end === "" || end === "/") && parts.every((part) => part.exact),
  }));
}

function queryOf({ path, parameters }: Operation, pool: Pool): fc.Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === "query");
  const pairs = known.map(({ name, required, schema }) => {
    const { valid, near } = name === "cursor" ? cursorsOf(path, pool) : valuesOf(schema, pool, name);
    const pair = (value: unknown) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`;
    const sent = mixed(
      [86, 8, 6],
      valid.map(pair),
      near.map(pair),
      segment.map((text) => `${name}=${text}`),
    );
    return required ? mixed([95, 5, 0], sent, fc.constant(""), sent) : fc.oneof(fc.constant(""), sent);
  });
  const names = known.length === 0 ? ["limit"] : known.map(({ name }) => name);
  const extra = fc.oneof(
    fc.constantFrom(...names).map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}=true`),
    fc.constantFrom(...names).map((name) => `${name}=1&${name}=2`),
    fc.constantFrom(...names).map((name) => `${name}[]=1`),
    fc.constantFrom("dry_run=true", "_=1", "__proto__=1", "&&", "=", "%ff=1", "x"),
    segment,
  );
  return fc
    .tuple(fc.tuple(...pairs), mixed([94, 0, 6], fc.constant(""), fc.constant(""), extra))
    .map(([sent, more]) =>
      [...sent, more]
        .filter((pair) => pair !== "")
        .join("&")
        .replaceAll("#", "~"),
    );
}

const none: Header[] = [];

/** What comes with any request. */
const oddHeader = fc.oneof(
  fc.constantFrom<Header[]>(
    [["Content-Encoding", "gzip"]],
    [["Content-Encoding", "identity"]],
    [["Expect", "100-continue"]],
    [["Expect", "magic"]],
    [["Cookie", "lethe_session=x"]],
    [["X-HTTP-Method-Override", "DELETE"]],
    [["Range", "bytes=0-1"]],
    [["Accept", "text/html"]],
    [["X", "x".repeat(17_000)]],
    [["Host", "["]],
    [["Host", ""]],
  ),
  fc
    .tuple(
      fc.constantFrom("If-Match", "If-None-Match", "Origin", "X-Request-Id", "X-Forwarded-For", "Accept"),
      headerValue,
    )
    .map((header): Header[] => [header]),
);

const contentType = mixed<Header[]>(
  [93, 3, 4],
  fc.constant([["Content-Type", "application/json"]]),
  fc.constantFrom<Header[]>(
    [["Content-Type", "application/json; charset=utf-8"]],
    [["Content-Type", 'Application/JSON ;Charset="UTF-8"']],
  ),
  fc.oneof(
    fc.constantFrom<Header[]>(
      [["Content-Type", "application/json; charset=iso-8859-1"]],
      [["Content-Type", "application/x-www-form-urlencoded"]],
      none,
    ),
    headerValue.map((text): Header[] => [["Content-Type", text]]),
  ),
);

function headersOf({ parameters, requestBody }: Operation, pool: Pool): fc.Arbitrary<Header[]> {
  const known: Record<string, fc.Arbitrary<string>> = {
    "If-Match": fc.constantFrom("*", '"nobody\'s"', 'W/"1"', ...pool.etags),
    "If-None-Match": fc.constantFrom("*", ...pool.etags),
    "Idempotency-Key": fc.oneof(
      { weight: 3, arbitrary: fc.uuid().map((id) => `"${id}"`) },
      { weight: 1, arbitrary: fc.constantFrom('"a"', "b") },
    ),
  };
  const described = parameters
    .filter((parameter) => parameter.in === "header")
    .map(({ name }) => {
      const value = mixed(
        [85, 5, 10],
        known[name] ?? headerValue,
        fc.constantFrom("", '""', "é"),
        headerValue,
      );
      return fc.oneof(
        { weight: 7, arbitrary: fc.constant(none) },
        { weight: 1, arbitrary: value.map((text): Header[] => [[name, text]]) },
      );
    });
  const key = mixed<Header[]>(
    [94, 4, 2],
    fc.constant([["X-API-Key", pool.keys[0] ?? ""]]),
    fc.constantFrom(
      ...pool.keys.map((text): Header[] => [["X-API-Key", text]]),
      ...pool.tokens.map((text): Header[] => [["Authorization", `Bearer ${text}`]]),
    ),
    fc.oneof(
      fc.constant(none),
      headerValue.map((text): Header[] => [["X-API-Key", text]]),
    ),
  );
  const odd = mixed([85, 0, 15], fc.constant(none), fc.constant(none), oddHeader);
  return fc
    .tuple(key, requestBody ? contentType : fc.constant(none), fc.tuple(...described), odd)
    .map(([keys, types, sent, odds]) => [...keys, ...types, ...sent.flat(), ...odds]);
}

function bodyOf({ requestBody }: Operation, pool: Pool): fc.Arbitrary<Uint8Array | null> {
  const schema = requestBody?.content["application/json"]?.schema;
  const none = fc.constant(null);
  const huge = fc.constant(Buffer.from(JSON.stringify({ title: "x".repeat(300_000) })));
  const bytes = fc.oneof(
    {
      weight: 9,
      arbitrary: arbitrary.body.map((body) => (typeof body === "string" ? Buffer.from(body) : body)),
    },
    { weight: 1, arbitrary: huge },
  );
  if (!schema) return mixed<Uint8Array | null>([96, 2, 2], none, fc.constant(Buffer.from("{}")), bytes);
  const { valid, near } = valuesOf(schema, pool, "");
  const encoded = (values: fc.Arbitrary<unknown>) =>
    values.map((value) => Buffer.from(JSON.stringify(value)));
  return mixed<Uint8Array | null>(
    [70, 18, 12],
    encoded(valid),
    encoded(near),
    fc.oneof(encoded(valid).chain(spoilBytes), bytes, none),
  );
}

/** The same text with something wrong about its bytes. */
const spoilBytes = (body: Buffer): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.nat({ max: body.length }), fc.nat({ max: 7 })).map(([at, kind]) => {
    const [head, tail] = [body.subarray(0, at), body.subarray(at)];
    switch (kind) {
      case 0:
        return head;
      case 1:
        return Buffer.concat([head, Buffer.from([0xe9]), tail]);
      case 2:
        return Buffer.concat([Buffer.from("\ufeff"), body]);
      case 3:
        return Buffer.from(body.toString(), "utf16le");
      case 4:
        return Buffer.concat([body, Buffer.from("}")]);
      case 5:
        return Buffer.from(body.toString().replace(/^\{("[^"]*":[^,}]*)/, "{$1,$1"));
      case 6:
        return Buffer.concat([Buffer.from(" \r\n\t"), body, Buffer.from("\n")]);
      default:
        return Buffer.concat([head, Buffer.from([0x00]), tail]);
    }
  });
