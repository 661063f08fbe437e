import { serve } from "./serve.ts";

/** A call that has come in and waits for its answer. */
export type HeldCall = {
  input: unknown;
  /** Answers as tRPC does. */
  answer: (data: object) => void;
  /** Answers that the server failed. */
  fail: () => void;
};

/** A server that answers a tRPC mutation only when the test says what; `url` is for the client. */
export async function startAnsweringServer(): Promise<{
  url: string;
  /** The next call, as soon as it is there. */
  next: (procedure: string) => Promise<HeldCall>;
}> {
  const waiting = new Map<string, HeldCall[]>();
  const url = await serve(async (request, response) => {
    const procedure = (request.url ?? "").replace(/.*\/trpc\//, "").replace(/\?.*/, "");
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const respond = (status: number, json: object) => {
      response.statusCode = status;
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(json));
    };
    const calls = waiting.get(procedure) ?? [];
    waiting.set(procedure, calls);
    calls.push({
      input: body === "" ? undefined : JSON.parse(body),
      answer: (data) => respond(200, { result: { data } }),
      fail: () =>
        respond(500, {
          error: { code: -32_603, message: "no", data: { code: "INTERNAL_SERVER_ERROR", request_id: "r" } },
        }),
    });
  });
  async function next(procedure: string): Promise<HeldCall> {
    const deadline = performance.now() + 120_000;
    while (performance.now() < deadline) {
      const call = waiting.get(procedure)?.shift();
      if (call) return call;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`${procedure} was not called`);
  }
  return { url, next };
}
