import { z } from "zod";

const chat = z.object({ id: z.string(), title: z.string(), message_count: z.number() });
export type ApiChat = z.infer<typeof chat>;

/** The REST API as an integrator uses it. Every call fails loudly on an answer it did not ask for. */
export class Api {
  readonly #url: string;
  readonly #apiKey: string;

  constructor(url: string, apiKey: string) {
    this.#url = url;
    this.#apiKey = apiKey;
  }

  async createChat(title: string, messages: string[] = []): Promise<ApiChat> {
    const created = chat.parse(await this.#json("POST", "/chats", { title }));
    for (const body of messages) await this.createMessage(created.id, body);
    return created;
  }

  async createMessage(chatId: string, body: string, author = "Ada"): Promise<void> {
    await this.#json("POST", `/chats/${chatId}/messages`, { author, body });
  }

  async statusOf(chatId: string): Promise<number> {
    return (await this.#send("GET", `/chats/${chatId}`)).status;
  }

  /** @returns the status of the answer: refusals are part of what specs look at. */
  async deleteChat(chatId: string): Promise<number> {
    return (await this.#send("DELETE", `/chats/${chatId}`)).status;
  }

  async #json(method: string, path: string, body: object): Promise<unknown> {
    const answer = await this.#send(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  #send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { "X-API-Key": this.#apiKey, ...(body && { "Content-Type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
  }
}
