import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { scopes } from "@lethe/core";
import { beforeAll, expect, it } from "vitest";
import { tryLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";

/** What one key may have of each: half of what its tenant may. */
const most = 3;
const size = String(2 * most);
const stage = useStage({
  environment: { LETHE_MAX_SOCKETS: size, LETHE_MAX_STREAMS: size, LETHE_MAX_EXPORTS: size },
});

type Credentials = Record<string, string>;
/** What is open, and how it can end: in good order, or by a connection that breaks. */
type Opened = { end: () => Promise<unknown>; breakOff: () => unknown };
/** A refusal as its caller reads it, or null when it was no such thing. */
type Refused = { refused: string };
type Open = (chatId: string, credentials: Credentials) => Promise<Opened | Refused>;

/** Asks for an answer and reads on until it holds one of these. */
async function ask(path: string, headers: Credentials, marks: string[]) {
  const outgoing = request(`${stage.server().url}${path}`, { headers, agent: false }).end();
  const [incoming]: IncomingMessage[] = await once(outgoing, "response");
  if (!incoming) throw new Error("There was no answer");
  incoming.setEncoding("utf8");
  let text = "";
  while (!marks.some((mark) => text.includes(mark))) {
    const chunk: unknown = incoming.read();
    if (chunk !== null) text += String(chunk);
    else await Promise.race([once(incoming, "readable"), once(incoming, "end")]);
    if (incoming.readableEnded) break;
  }
  if (text.includes('"retry_after"')) return { refused: text };
  return {
    end: async () => {
      incoming.resume();
      await once(incoming, "end");
    },
    breakOff: () => outgoing.destroy(),
  };
}

const kinds: [name: string, code: string, variable: string, open: Open][] = [
  [
    "WebSockets",
    "too_many_sockets",
    "LETHE_MAX_SOCKETS",
    async (chatId, headers) => {
      const live = await tryLive(stage.server().url, chatId, { headers });
      if (!("status" in live)) return { end: live.leave, breakOff: () => live.socket.terminate() };
      expect([live.status, live.headers["retry-after"]]).toEqual([429, "5"]);
      return { refused: live.body };
    },
  ],
  [
    "event streams",
    "too_many_streams",
    "LETHE_MAX_STREAMS",
    async (_, headers) => {
      const opened = await ask("/api/trpc/events.subscribe", headers, [
        "resync",
        "serialized-error\ndata: {",
      ]);
      // Nobody but its reader ends a stream.
      return "refused" in opened ? opened : { ...opened, end: async () => opened.breakOff() };
    },
  ],
  [
    "exports over REST",
    "too_many_exports",
    "LETHE_MAX_EXPORTS",
    (chatId, headers) => ask(`/api/v1/chats/${chatId}/export`, headers, ["xxx", "retry_after"]),
  ],
  [
    "exports over tRPC",
    "too_many_exports",
    "LETHE_MAX_EXPORTS",
    (chatId, headers) => {
      const input = encodeURIComponent(JSON.stringify({ 0: { chat_id: chatId } }));
      return ask(
        `/api/trpc/chat.export?batch=1&input=${input}`,
        { ...headers, "trpc-accept": "application/jsonl" },
        ["xxx", "retry_after"],
      );
    },
  ],
];

/** A chat whose export does not fit into what lies between a server and a client that does not read. */
let longChat = "";
beforeAll(async () => {
  longChat = await stage.caller().createChat();
  const { db } = stage.database();
  await db.$executeRaw`
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT tenant_id, id, seq, 'Ada', repeat('x', 10000) FROM chat, generate_series(1, 2000) AS seq`;
  await db.$executeRaw`UPDATE chat SET message_count = 2000, version = 2001`;
});

it.each(kinds)("%s of a key and its sessions are so many, however each of them ends", async (...row) => {
  const [name, code, variable, open] = row;
  const apiKey = await stage.createKey([...scopes]);
  const key = { "X-API-Key": apiKey };
  const mustOpen = async (): Promise<Opened> => {
    const opened = await open(longChat, key);
    if ("refused" in opened) throw new Error(opened.refused);
    return opened;
  };
  // What is refused for another reason, or has no body, holds nothing.
  for (let n = 0; n < most; n += 1) {
    const path = `${stage.server().url}/api/v1/chats`;
    await fetch(`${path}/${longChat}/export`, { method: "HEAD", headers: key });
    await fetch(`${path}/00000000-0000-4000-8000-000000000000/export`, { headers: key });
    await tryLive(stage.server().url, "00000000-0000-4000-8000-000000000000", { headers: key });
  }
  const opened = [await mustOpen(), await mustOpen(), await mustOpen()];
  const session = { Cookie: await stage.signIn(apiKey), Origin: stage.server().url };
  for (const credentials of name.includes("REST") ? [key] : [key, session]) {
    const refusal = await open(longChat, credentials);
    if (!("refused" in refusal)) throw new Error("One too many was opened");
    expect(refusal.refused).toContain(`"${code}"`);
    expect(refusal.refused).toContain(`Your API key has ${most} `);
    expect(refusal.refused).toContain(`half of ${variable}`);
  }
  const neighbour = await open(longChat, { "X-API-Key": stage.apiKey() });
  if ("refused" in neighbour) throw new Error(neighbour.refused);
  neighbour.breakOff();

  for (const how of ["end", "breakOff", "breakOff"] as const) {
    await opened.shift()?.[how]();
    await expect
      .poll(async () => {
        const next = await open(longChat, key);
        if ("refused" in next) return false;
        opened.push(next);
        return true;
      })
      .toBe(true);
    expect(await open(longChat, key)).toHaveProperty("refused");
  }
  for (const { breakOff } of opened) breakOff();
  const metrics = await (await fetch(`${stage.server().url}/metrics`)).text();
  expect(metrics).toMatch(new RegExp(`lethe_refused_total\\{reason="${code}",whose="key"\\} [1-9]`));
});
