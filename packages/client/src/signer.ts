import type { Credentials, IssuedToken, Signer } from "./credentials.ts";

/** How long before its end a token is replaced; milliseconds. */
const margin = 30_000;

/** A signer of its own for each client: it keeps the token for all of its calls. */
export function createSigner({ apiKey, token: issue, headers = {} }: Credentials): Signer {
  let asked: Promise<IssuedToken | string> | undefined;
  let goodUntil = 0;

  async function token(refused = false): Promise<string | undefined> {
    if (!issue) return undefined;
    if (refused || Date.now() > goodUntil) asked = undefined;
    if (!asked) {
      goodUntil = Number.POSITIVE_INFINITY;
      asked = Promise.resolve(issue());
    }
    const mine = asked;
    try {
      const answer = await mine;
      const issued = typeof answer === "string" ? { token: answer, expires_at: "" } : answer;
      // A time that is none is over.
      if (asked === mine) goodUntil = (Date.parse(issued.expires_at) || 0) - margin;
      return issued.token;
    } catch (error) {
      if (asked === mine) asked = undefined;
      throw error;
    }
  }

  async function sendOnce(refused: boolean, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const signed = await token(refused);
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    if (apiKey) request.headers.set("x-api-key", apiKey);
    if (signed) request.headers.set("authorization", `Bearer ${signed}`);
    return fetch(request);
  }

  return {
    token,
    send: async (input, init) => {
      const again = input instanceof Request ? input.clone() : input;
      const response = await sendOnce(false, input, init);
      if (response.status !== 401 || !issue) return response;
      // Nothing was done. The token may have been revoked, or this machine's clock may be behind.
      await response.body?.cancel();
      return sendOnce(true, again, init);
    },
  };
}
