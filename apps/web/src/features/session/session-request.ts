/** The key of the demo tenant. It is no secret: it exists in databases that were seeded with the demo only. */
export const demoKey = "your-tenant-api-key";

/** What went wrong with signing in or out, in words for the person who did it. */
export type SessionFailure = { message: string; requestId: string | undefined };

const timeoutMs = 15_000;

/** Exchanges an API key for a session cookie. Returns null when it worked. */
export function createSession(apiKey: string): Promise<SessionFailure | null> {
  return request({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ api_key: apiKey }),
  });
}

/** Ends the session. Returns null when it worked. */
export function deleteSession(): Promise<SessionFailure | null> {
  return request({ method: "DELETE" });
}

async function request(init: RequestInit): Promise<SessionFailure | null> {
  try {
    const response = await fetch("/api/session", { ...init, signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return null;
    // Only for who is refused: no page waits for the schemas.
    const { problemSchema } = await import("@lethe/api/schemas");
    const problem = problemSchema.safeParse(await response.json().catch(() => null));
    const requestId = problem.data?.request_id ?? response.headers.get("x-request-id") ?? undefined;
    return { message: explain(response.status, problem.data?.message), requestId };
  } catch {
    const message = "The server cannot be reached. Check that Lethe is running, then try again.";
    return { message, requestId: undefined };
  }
}

function explain(status: number, message: string | undefined): string {
  if (status === 401) return "That key is not valid. It may be mistyped, expired or revoked.";
  if (status === 429) return "Too many attempts. Wait a minute, then try again.";
  return message ?? "The server could not answer. Try again in a moment.";
}
