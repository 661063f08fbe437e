import {
  type Context as CoreContext,
  getDeletionJob,
  getInvitation,
  getMember,
  getWebhook,
  getWebhookDelivery,
  LetheError,
  requireApiKey,
  type VersionCondition,
} from "@lethe/core";
import type { Context, MiddlewareHandler } from "hono";
import type { ApiEnv } from "./env.ts";
import { judgeRead, readPreconditions, versionCondition } from "./etag.ts";

/** Answers under the conditions of a request, which `answer` may be given; `core` is the caller's. */
type Conditional = (
  c: Context<ApiEnv>,
  core: CoreContext,
  answer: (condition: VersionCondition) => Promise<Response>,
) => Promise<Response>;

/**
 * Honours `If-Match` and `If-None-Match` (RFC 9110, section 13) for an operation of REST. They count only where the answer
 * without them would be a success (section 13.2.1). Reads are judged by the ETag of what they answer. What changes a chat,
 * or something below it, gets a condition on the chat's version, to be judged under the lock of the chat. Nothing else
 * has an ETag.
 *
 * @throws TypeError, when the program starts, for a route that changes something of which nothing tells whether it exists
 */
export function preconditions({ method, path }: { method: string; path: string }): Conditional {
  if (method === "get") return (c, _core, answer) => judgeAnswer(c, () => answer({}));
  if (path.includes("{chat_id}")) return conditionOnChat;
  const lookUp = lookUpOf(path);
  return async (c, core, answer) => {
    const unmet = unmetWithoutEtag(c);
    if (unmet === undefined) return answer({});
    // Refused only once it is known that there is such a thing.
    await lookUp(core, (name) => c.req.param(name) ?? "");
    throw unmet;
  };
}

const conditionOnChat: Conditional = async (c, _core, answer) => {
  const asked = readPreconditions((name) => c.req.header(name));
  return answer(asked === undefined ? {} : versionCondition(asked));
};

/** For what reads: answers 304 or 412 in the place of a success, without what it would have sent. */
export const conditionalRead: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const judged = await judgeAnswer(c, async () => {
    await next();
    const { res } = c;
    // The headers of an answer pass to the one that takes its place.
    c.res = undefined;
    return res;
  });
  c.res = judged;
};

async function judgeAnswer(c: Context<ApiEnv>, answer: () => Promise<Response>): Promise<Response> {
  const asked = readPreconditions((name) => c.req.header(name));
  const answered = await answer();
  if (asked === undefined || !answered.ok) return answered;
  const etag = answered.headers.get("etag");
  const verdict = judgeRead(asked, etag);
  if (verdict === "met") return answered;
  await answered.body?.cancel();
  if (verdict === "failed") throw readFailed(etag);
  return new Response(null, { status: 304, headers: etag === null ? {} : { ETag: etag } });
}

/** Whether a read that would be answered under this ETag is answered so, as `judgeAnswer` finds in the end. */
export function meetsConditions(c: Context<ApiEnv>, etag: string): boolean {
  const asked = readPreconditions((name) => c.req.header(name));
  return asked === undefined || judgeRead(asked, etag) === "met";
}

/** For calls of tRPC, which have no ETag, and whose clients cannot read a 304: a condition goes with the input. */
export const callsWithoutEtag: MiddlewareHandler<ApiEnv> = (c, next) => {
  refuseConditions(c);
  return next();
};

/** For what exists and has no ETag: throws PRECONDITION_FAILED under a condition that it cannot meet. */
export function refuseConditions(c: Context<ApiEnv>): void {
  const unmet = unmetWithoutEtag(c);
  if (unmet !== undefined) throw unmet;
}

/** What has no ETag is in no list, and what exists is not what `If-None-Match: *` asks for. */
function unmetWithoutEtag(c: Context<ApiEnv>): LetheError | undefined {
  const { ifMatch = "*", ifNoneMatch } = readPreconditions((name) => c.req.header(name)) ?? {};
  if (ifMatch !== "*") return hasNoEtag("If-Match");
  return ifNoneMatch === "*" ? isThere() : undefined;
}

/** Throws NOT_FOUND. */
type LookUp = (ctx: CoreContext, parameter: (name: string) => string) => Promise<unknown>;

function lookUpOf(path: string): LookUp {
  const parameter = /\{(\w+)\}[^{]*$/.exec(path)?.[1];
  switch (parameter) {
    case undefined:
      return async () => {};
    case "job_id":
      return (ctx, value) => getDeletionJob(ctx, { jobId: value("job_id") });
    case "webhook_id":
      return (ctx, value) => getWebhook(ctx, { webhookId: value("webhook_id") });
    case "delivery_id":
      return (ctx, value) =>
        getWebhookDelivery(ctx, { webhookId: value("webhook_id"), deliveryId: value("delivery_id") });
    case "person_id":
      return (ctx, value) => getMember(ctx, { personId: value("person_id") });
    case "invitation_id":
      return (ctx, value) => getInvitation(ctx, { id: value("invitation_id") });
    case "key_id":
      return ({ db, tenantId }, value) => requireApiKey(db, { tenantId, id: value("key_id") });
    default:
      throw new TypeError(`Nothing tells whether the ${parameter} of ${path} exists`);
  }
}

const failed = (message: string) => new LetheError("PRECONDITION_FAILED", "precondition_failed", message);

const hasNoEtag = (name: string) =>
  failed(`${name} lists ETags, and what you ask for has none; leave ${name} out. Nothing was done`);

const isThere = () =>
  failed(
    "If-None-Match: * asks for what is not there yet, and this is there; leave If-None-Match out. Nothing was done",
  );

const readFailed = (etag: string | null) =>
  etag === null
    ? hasNoEtag("If-Match")
    : failed(`If-Match does not list the ETag of now, which is ${etag}; read again without it`);
