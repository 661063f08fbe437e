import type { ApiApp } from "../http/env.ts";
import type { Services } from "../services.ts";

/** How long verifiers may keep the keys: as long as they may miss a new one. */
const cacheControl = "public, max-age=60";

/** The keys that sign receipts (RFC 7517), for everyone and from any page: they are public. */
export function mountReceiptKeys(app: ApiApp, { receipts }: Services): void {
  app.get("/.well-known/jwks.json", async (c) => {
    const keys = await receipts.publicKeys();
    c.set("cacheControl", cacheControl);
    return c.json({ keys: keys.map(({ jwk }) => jwk) }, 200, { "Access-Control-Allow-Origin": "*" });
  });
}
