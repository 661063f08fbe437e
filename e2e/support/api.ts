import { z } from "zod";

const chat = z.object({
  id: z.string(),
  title: z.string(),
  message_count: z.number(),
  trashed_at: z.string().nullable(),
  hold: z.object({ reason: z.string() }).nullable(),
  version: z.number(),
});
const chats = z.object({ data: z.array(chat) });
const page = z.object({ data: z.array(z.unknown()), next_cursor: z.string().nullable() });
const deletions = z.object({
  data: z.array(z.object({ chat_id: z.string(), export_checksum: z.string().nullable() })),
});
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

  /** How many chats the first page of 100 has. */
  async countChats(): Promise<number> {
    return chats.parse(await this.#json("GET", "/chats?limit=100")).data.length;
  }

  /** How many chats there are on all pages. */
  async countAll(): Promise<number> {
    let count = 0;
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const { data, next_cursor } = page.parse(await this.#json("GET", `/chats?limit=100${query}`));
      count += data.length;
      cursor = next_cursor;
    }
    return count;
  }

  async statusOf(chatId: string): Promise<number> {
    return (await this.#send("GET", `/chats/${chatId}`)).status;
  }

  async chat(chatId: string): Promise<ApiChat> {
    return chat.parse(await this.#json("GET", `/chats/${chatId}`));
  }

  async trashChat(chatId: string): Promise<void> {
    await this.#json("POST", `/chats/${chatId}/trash`);
  }

  async restoreChat(chatId: string): Promise<void> {
    await this.#json("POST", `/chats/${chatId}/restore`);
  }

  async holdChat(chatId: string, reason: string): Promise<void> {
    await this.#json("PUT", `/chats/${chatId}/hold`, { reason });
  }

  async releaseHold(chatId: string): Promise<void> {
    await this.#json("DELETE", `/chats/${chatId}/hold`);
  }

  /** The checksum that the ledger has of the export of a deleted chat. */
  async exportChecksumOf(chatId: string): Promise<string | null> {
    const { data } = deletions.parse(await this.#json("GET", "/deletions?limit=100"));
    return data.find((deletion) => deletion.chat_id === chatId)?.export_checksum ?? null;
  }

  async keepTrashFor(days: number): Promise<void> {
    await this.#json("PATCH", "/settings", { trash_retention_days: days });
  }

  async renameChat(chatId: string, title: string): Promise<void> {
    await this.#json("PATCH", `/chats/${chatId}`, { title });
  }

  /** How many messages a search finds, of the first page. */
  async countMessages(q: string): Promise<number> {
    return page.parse(await this.#json("GET", `/messages?q=${encodeURIComponent(q)}`)).data.length;
  }

  /** The chat with this title. */
  async findChat(title: string): Promise<ApiChat> {
    const page = await this.#json("GET", `/chats?limit=100&q=${encodeURIComponent(title)}`);
    const found = chats.parse(page).data.find((candidate) => candidate.title === title);
    if (!found) throw new Error(`There is no chat with the title ${title}`);
    return found;
  }

  /** @returns the status of the answer: refusals are part of what specs look at. */
  async deleteChat(chatId: string, options: { force?: boolean } = {}): Promise<number> {
    const query = options.force ? "?force=true" : "";
    return (await this.#send("DELETE", `/chats/${chatId}${query}`)).status;
  }

  async #json(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.#send(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  #send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { "X-API-Key": this.#apiKey, ...(body && { "Content-Type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
  }
}
