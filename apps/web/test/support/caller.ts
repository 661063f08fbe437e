import { z } from "zod";

const chatSchema = z.object({
  id: z.string(),
  title: z.string(),
  message_count: z.number(),
  active_connections: z.number(),
});
const problemSchema = z.object({ code: z.string(), status: z.number(), request_id: z.string() });

export type Chat = z.infer<typeof chatSchema>;

/** The REST API as an integrator with one key uses it. */
export type Caller = {
  url: string;
  apiKey: string;
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** The body of the answer, which must be a success. */
  ask: (method: string, path: string, body?: unknown) => Promise<unknown>;
  createChat: () => Promise<string>;
  getChat: (chatId: string) => Promise<Chat | null>;
  say: (chatId: string, body: string) => Promise<void>;
  /** The status of the answer: refusals are what tests look at. */
  deleteChat: (chatId: string, query?: string) => Promise<number>;
};

/** A caller of the server at `url` with `apiKey`. What is not looked at must succeed. */
export function createCaller(url: string, apiKey: string): Caller {
  const send: Caller["send"] = (method, path, body, headers = {}) =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        "X-API-Key": apiKey,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(120_000),
    });
  const expectOk = async (answer: Response) => {
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const ask: Caller["ask"] = async (method, path, body) => expectOk(await send(method, path, body));
  return {
    url,
    apiKey,
    send,
    ask,
    createChat: async () =>
      chatSchema.parse(await ask("POST", "/chats", { title: "A chat of the tests" })).id,
    getChat: async (chatId) => {
      const answer = await send("GET", `/chats/${chatId}`);
      if (answer.status === 404) return null;
      return chatSchema.parse(await expectOk(answer));
    },
    say: async (chatId, body) => {
      await ask("POST", `/chats/${chatId}/messages`, { author: "Ada", body });
    },
    deleteChat: async (chatId, query = "") => {
      const answer = await send("DELETE", `/chats/${chatId}${query}`);
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

/** Reads a problem document. */
export function readProblem(body: string) {
  return problemSchema.parse(JSON.parse(body));
}
