import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";

const jsonType = /^application\/json\s*(;|$)/i;

/** The JSON body of a request. Throws UNSUPPORTED_MEDIA_TYPE or BAD_REQUEST. */
export async function readJson(c: Context): Promise<unknown> {
  if (!jsonType.test(c.req.header("content-type") ?? "")) throw new HTTPException(415);
  try {
    return await c.req.json();
  } catch {
    throw new HTTPException(400);
  }
}
