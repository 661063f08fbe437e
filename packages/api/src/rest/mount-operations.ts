import { LetheError } from "@lethe/core";
import type { Context } from "hono";
import type { z } from "zod";
import { authenticateProgram, senderOf } from "../auth/authenticate.ts";
import { refusedBy } from "../errors/refused-input.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { preconditions } from "../http/preconditions.ts";
import { readJson } from "../http/read-body.ts";
import { checkQuery, refuseBody } from "../http/strict-names.ts";
import { idempotencyKeyOf, runOnce } from "../idempotency/run-once.ts";
import { admit, type Call, requireChats, requireFieldScopes } from "../operations/admit.ts";
import { describeRoute } from "./describe.ts";
import type { RestRoute } from "./route.ts";

/** Serves below `/api/v1` what REST has, and describes it. */
export function mountOperations(app: ApiApp, operations: readonly { rest: RestRoute | null }[]): void {
  for (const { rest: route } of operations) {
    if (route === null) continue;
    app.openAPIRegistry.registerPath(describeRoute(route));
    const path = `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
    app.on(route.method.toUpperCase(), path, serve(route, path));
  }
}

type Admitted = Omit<Call, "condition">;

/**
 * The steps that every request passes, in this order: it is let in, done once if it has an idempotency key, its input is
 * read, its conditions are judged, it is answered, and listeners are told. They are one handler of Hono: as handlers of
 * their own they took a tenth of a read's CPU.
 */
function serve(route: RestRoute, path: string): (c: Context<ApiEnv>) => Promise<Response> {
  const changes = route.method !== "get" && !route.reads;
  const read = inputOf(route);
  const conditional = preconditions(route);
  return async (c) => {
    c.set("route", path);
    const admitted = await letIn(c, route);
    const answer = async (call: Admitted) => {
      const input = await read(c, call);
      return conditional(c, call.core, (condition) => route.respond(c, { ...call, condition }, input));
    };
    const key = changes ? idempotencyKeyOf(c) : undefined;
    const response = await (key === undefined
      ? answer(admitted)
      : runOnce(c, admitted, key, (core) => answer({ ...admitted, core })));
    // After the commit of what was changed.
    if (changes && response.ok) admitted.services.feed.wake();
    return response;
  };
}

/**
 * Lets in who has an API key with `scope`, or a token of one. REST takes no cookie, so that no page of another site can
 * make a browser use it.
 */
async function letIn(c: Context<ApiEnv>, { scope }: Pick<RestRoute, "scope">): Promise<Admitted> {
  const services = c.get("services");
  const apiKey = c.req.header("x-api-key");
  const sender = senderOf(services, c.req.raw.headers, c.env);
  const principal = await authenticateProgram(services.authenticator, (name) => c.req.header(name), sender);
  return admit(services, principal, {
    scope,
    apiKey,
    via: "rest",
    note: (rateLimitStatus) => c.set("rateLimitStatus", rateLimitStatus),
  });
}

/** Reads the input from where the route carries it; what is elsewhere or not known is refused. */
function inputOf({ places, bodySize, fieldScopes, listsOnlyChats = false }: RestRoute) {
  const { params, query, body } = places;
  const known = Object.keys(query?.shape ?? {});
  return async (c: Context<ApiEnv>, { principal }: Admitted): Promise<Record<string, unknown>> => {
    checkQuery(c.req.url, known);
    const sent = body ? await readJson(c, bodySize) : await refuseBody(c);
    const input: Record<string, unknown> = {};
    const parts: [z.ZodObject | undefined, () => unknown][] = [
      [query, () => c.req.query()],
      [params, () => c.req.param()],
      [body, () => sent],
    ];
    for (const [schema, value] of parts) {
      if (!schema) continue;
      const part = schema.safeParse(value());
      if (!part.success) throw refusedBy(part.error);
      Object.assign(input, part.data);
    }
    const fields = fieldScopes();
    for (const [, value] of fields.length > 0 ? parts : []) requireFieldScopes(principal, fields, value());
    requireChats(principal, input, listsOnlyChats);
    return input;
  };
}

/** Explains itself to whoever reaches the WebSocket's address with plain HTTP, such as through a proxy. */
export function mountLiveWithoutUpgrade(app: ApiApp): void {
  app.get("/api/v1/chats/:chat_id/live", () => {
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      "This address speaks WebSocket: connect with ws:// or wss://. A proxy on the way must pass Upgrade and Connection on.",
    );
  });
}
