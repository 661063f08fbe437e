import type { Context } from "hono";
import { problemResponse } from "../errors/problem.ts";
import { nothingHere } from "../http/answer-unrouted.ts";
import { encodeText } from "../http/compress.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { conditionalRead } from "../http/preconditions.ts";
import { checkQuery, strictQuery } from "../http/strict-names.ts";
import { describeApi } from "../rest/openapi.ts";
import type { DocsFile, DocsSite } from "./site.ts";

/** Nothing but what lies here: no other host, no script in a page. */
const policy = [
  "default-src 'none'",
  ...["script-src", "style-src", "img-src", "connect-src", "form-action"].map((one) => `${one} 'self'`),
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Longer words are not looked for. */
const longestSearch = 100;

/**
 * The documentation of this very version, for people (`/docs`) and for language models (`/llms.txt`): it needs no other
 * host. It is read when somebody first asks for it, so that no start waits for it.
 */
export function mountDocs(app: ApiApp, version: string): void {
  let opening: Promise<DocsSite> | undefined;
  const site = () => {
    opening ??= import("./site.ts")
      .then(({ openDocs }) => openDocs(() => describeApi(app, version)))
      .catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
    return opening;
  };
  const none = strictQuery([]);

  app.get("/docs", none, (c) => c.redirect("/docs/quickstart", 302));
  app.get("/docs/search", async (c) => {
    checkQuery(c.req.url, ["q"]);
    const words = (c.req.query("q") ?? "").slice(0, longestSearch);
    return send(c, { type: "text/html; charset=utf-8", body: await (await site()).search(words), etag: "" });
  });
  app.get("/docs/:path{.+}", none, conditionalRead, async (c) => {
    const file = await (await site()).file(c.req.param("path"));
    return file ? send(c, file) : problemResponse(nothingHere, c.get("requestId"));
  });
  app.get("/llms.txt", none, conditionalRead, async (c) => send(c, (await site()).llms(false)));
  app.get("/llms-full.txt", none, conditionalRead, async (c) => send(c, (await site()).llms(true)));
}

async function send(c: Context<ApiEnv>, { type, body, etag }: DocsFile): Promise<Response> {
  // It is asked about each time, and not sent again: the next version has other pages under the same addresses.
  c.set("cacheControl", "no-cache");
  const headers = {
    "Content-Type": type,
    "Content-Security-Policy": policy,
    "X-Frame-Options": "DENY",
    ...(etag && { ETag: etag }),
  };
  if (typeof body !== "string") return c.body(body, 200, headers);
  const encoded = await encodeText(c, body);
  return c.body(encoded.body, 200, { ...headers, ...encoded.headers });
}
