import type { z } from "zod";
import { clearNotes } from "@/features/chats/notes.ts";
import type { Role, Scope } from "@/features/people/roles.ts";
import { changeSession, tellSessionChanged } from "./own-session.tsx";

/** The one that everybody gets first, and that the documentation has. */
export const demoKey = "your-tenant-api-key";

/** The keys of the demo tenant, by what they show, and what only that and greater roles may. They are no secrets. */
export const demoKeys: { role: Role; key: string; mark: Scope }[] = [
  { role: "viewer", key: "demo-viewer-key", mark: "chats:read" },
  { role: "member", key: "demo-member-key", mark: "chats:write" },
  { role: "admin", key: "demo-admin-key", mark: "chats:delete" },
  { role: "owner", key: demoKey, mark: "settings:write" },
];

/** What went wrong with what a person asked for themselves, in words for them. */
export type SessionFailure = {
  message: string;
  requestId?: string | undefined;
  /** The server's word for it, such as invalid_credentials; undefined: it did not answer, or not as it should. */
  reason?: string | undefined;
};

type Request = {
  method?: "POST" | "PUT" | "PATCH" | "DELETE";
  body?: object;
  /** What opens it, where that is no cookie. */
  token?: string;
};
export type Schemas = typeof import("@lethe/api/schemas");

const timeoutMs = 30_000;

/** Has something done that is a person's own and no tenant's. Answers why it was not, or null. Never rejects. */
export async function tell(path: `/api/${string}`, request: Request): Promise<SessionFailure | null> {
  return (await send(path, request)).failure ?? null;
}

/**
 * Asks for what is a person's own and no tenant's: sessions, invitations, second factors. Never rejects.
 *
 * @param read picks what the answer is read by; no page waits for the schemas
 */
export async function ask<Schema extends z.ZodType>(
  path: `/api/${string}`,
  request: Request,
  read: (schemas: Schemas) => Schema,
): Promise<{ data: z.output<Schema>; failure?: undefined } | { data?: undefined; failure: SessionFailure }> {
  const { response, failure } = await send(path, request);
  if (failure) return { failure };
  try {
    return { data: read(await import("@lethe/api/schemas")).parse(await response.json()) };
  } catch {
    return {
      failure: { message: "The server answered something that this page does not understand. Reload it." },
    };
  }
}

type Sent = { response: Response; failure?: undefined } | { response?: undefined; failure: SessionFailure };

async function send(path: string, { method, body, token }: Request): Promise<Sent> {
  try {
    const response = await fetch(path, {
      method: method ?? "GET",
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return { response };
    const { problemSchema } = await import("@lethe/api/schemas");
    const problem = problemSchema.safeParse(await response.json().catch(() => null)).data;
    return {
      failure: {
        message: problem?.message ?? "The server could not answer. Try again in a moment.",
        requestId: problem?.request_id ?? response.headers.get("x-request-id") ?? undefined,
        reason: problem?.code,
      },
    };
  } catch {
    const message = "The server cannot be reached. Check that Lethe is running, then try again.";
    return { failure: { message } };
  }
}

/** Exchanges an API key for a session cookie. Answers why it was not, or null. */
export async function signInWithKey(apiKey: string): Promise<SessionFailure | null> {
  const failure = await tell("/api/session", { method: "POST", body: { api_key: apiKey } });
  if (failure?.reason === "invalid_credentials")
    return { ...failure, message: "That key is not valid. It may be mistyped, expired or revoked." };
  if (failure?.reason === "too_many_wrong_keys" || failure?.reason === "rate_limited")
    return { ...failure, message: "Too many attempts. Wait a minute, then try again." };
  return failure;
}

/**
 * Goes to the provider of identities, which leads back to the page `next`. Answers only why it does not, or null while the
 * page is being left.
 */
export async function leaveFor(
  what: "sign-in" | "connect",
  body: { next: string; password?: string | undefined },
): Promise<SessionFailure | null> {
  const { data, failure } = await ask(
    `/api/auth/provider/${what}`,
    { method: "POST", body },
    (schemas) => schemas.providerBegunSchema,
  );
  if (failure) return failure;
  window.location.assign(data.url);
  return null;
}

/** Signs out. Nothing of the session stays in memory, for a full load follows, nor a draft in the browser. Answers only a failure. */
export async function signOut(everywhere = false): Promise<SessionFailure | null> {
  const path = everywhere ? "/api/sessions" : "/api/session";
  const failure = await changeSession(() => tell(path, { method: "DELETE" }));
  if (failure) return failure;
  clearNotes();
  tellSessionChanged("signed out");
  window.location.assign("/sign-in");
  return null;
}
