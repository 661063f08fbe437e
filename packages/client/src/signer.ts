import type { Credentials, IssuedToken, Signer } from "./credentials.ts";

/** How long before its end a token is replaced; milliseconds. */
const margin = 30_000;

/** A token that was asked for, for all calls that need one meanwhile. */
type Asked = {
  answer: Promise<string>;
  /** Undefined until it is there. */
  token: string | undefined;
  /** In milliseconds, as `Date.now()`. */
  goodUntil: number;
};

/**
 * A signer of its own for each client: it keeps the token for all of its calls.
 *
 * @param timeout milliseconds that `token` may take; what takes longer has failed, and the next call asks again
 */
export function createSigner({ apiKey, token: issue, headers = {} }: Credentials, timeout: number): Signer {
  let held: Asked | undefined;

  async function token(): Promise<string | undefined> {
    if (!issue) return undefined;
    if (!held || Date.now() > held.goodUntil) held = ask(issue);
    return held.answer;
  }

  function refuse(token: string): void {
    // Of many calls that are refused with one token the first has it replaced: the others find another one.
    if (held?.token === token) held = undefined;
  }

  function ask(issue: NonNullable<Credentials["token"]>): Asked {
    const issuing = new Promise<IssuedToken | string>((resolve) => resolve(issue()));
    const answer = within(timeout, issuing).then(
      (issued) => {
        asked.token = tokenOf(issued);
        // A time that is none is over.
        asked.goodUntil = (typeof issued === "string" ? 0 : Date.parse(issued.expires_at) || 0) - margin;
        return asked.token;
      },
      (error: unknown) => {
        if (held === asked) held = undefined;
        throw error;
      },
    );
    const asked: Asked = { answer, token: undefined, goodUntil: Number.POSITIVE_INFINITY };
    return asked;
  }

  /** The token for a call, which waits for it no longer than its signal allows. */
  async function tokenFor(signal: AbortSignal | undefined): Promise<string | undefined> {
    const answer = token();
    const asked = held;
    try {
      return await unlessAborted(answer, signal);
    } catch (error) {
      // Whoever calls after one that has waited too long does not wait for the same.
      if (isTimeout(error) && held === asked) held = undefined;
      throw error;
    }
  }

  function sendSigned(
    signed: string | undefined,
    input: RequestInfo | URL,
    init?: RequestInit,
  ): Promise<Response> {
    const request = new Request(input, init);
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    if (apiKey) request.headers.set("x-api-key", apiKey);
    if (signed) request.headers.set("authorization", `Bearer ${signed}`);
    return fetch(request);
  }

  return {
    token,
    refuse,
    send: async (input, init, onSigned) => {
      const again = input instanceof Request ? input.clone() : input;
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      const first = await tokenFor(signal);
      if (first === undefined) return sendSigned(undefined, input, init);
      onSigned?.(first);
      const response = await sendSigned(first, input, init);
      if (response.status !== 401) return response;
      // Nothing was done. The token may have been revoked, or this machine's clock may be behind.
      await response.body?.cancel();
      refuse(first);
      const second = await tokenFor(signal);
      if (second !== undefined) onSigned?.(second);
      return sendSigned(second, again, init);
    },
  };
}

/** What a page's server has answered may be anything, whatever the type of the function that hands it on. */
function tokenOf(issued: IssuedToken | string): string {
  const token: unknown = typeof issued === "string" ? issued : issued?.token;
  if (typeof token === "string" && token !== "") return token;
  throw new TypeError("`token` answered none: it has to answer { token, expires_at }, or the token alone.");
}

/** What comes of `work`; rejects with a TimeoutError when that takes longer than so many milliseconds. */
function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = () => reject(new DOMException(`\`token\` did not answer within ${ms} ms`, "TimeoutError"));
    timer = setTimeout(late, ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** What comes of `work`, which goes on for others; rejects with the signal's reason when that is aborted before. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
    if (signal?.aborted) abort();
  });
}

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === "TimeoutError";
