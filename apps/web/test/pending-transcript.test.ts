import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Prisma } from "@lethe/db";
import { expect, it } from "vitest";
import { z } from "zod";
import { expectRefusal, openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";

const stage = useStage({ servers: 2 });
const messages = 3_000;
const secret = "a secret of the transcript";
const doctor = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));

async function longChat(): Promise<string> {
  const chatId = await stage.caller().createChat();
  const { db } = stage.database();
  await db.$executeRaw`
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT tenant_id, id, seq, 'Ada', ${secret} FROM chat, generate_series(1, ${messages}::integer) AS seq
    WHERE id = ${chatId}::uuid`;
  await db.chat.updateMany({ where: { id: chatId }, data: { messageCount: messages } });
  return chatId;
}

const recordSchema = z.object({ state: z.string(), erased_at: z.string().nullable() });
async function recordOf(deletionId: string) {
  return recordSchema.parse(await (await stage.caller().send("GET", `/deletions/${deletionId}`)).json());
}

async function deleteLong(chatId: string, query = "") {
  const answer = await stage.caller().send("DELETE", `/chats/${chatId}${query}`);
  return z.object({ deletion_id: z.string(), erased_at: z.null() }).parse(await answer.json()).deletion_id;
}

async function metric(name: string): Promise<number> {
  const pages = [0, 1].map(async (index) => (await fetch(`${stage.server(index).url}/metrics`)).text());
  const found = (await Promise.all(pages)).map((page) => new RegExp(`^${name} (\\S+)$`, "m").exec(page)?.[1]);
  return found.reduce((sum, value) => sum + Number(value), 0);
}

it("a long chat is gone at the answer, and its rows soon after, whichever server does it", async () => {
  const chatId = await longChat();
  const deletionId = await deleteLong(chatId);
  await expect.poll(() => recordOf(deletionId)).toMatchObject({ state: "erased" });
  const { db } = stage.database();
  expect(await db.message.count({ where: { chatId } })).toBe(0);
  expect(await db.transcript.count({ where: { chatId } })).toBe(0);
  // Counted after the commit.
  await expect.poll(() => metric("lethe_erased_messages_total")).toBe(messages);
});

it("no socket reaches what is still to be erased, and the operator is told without content", async () => {
  const { db, url: databaseUrl } = stage.database();
  await db.$executeRaw`
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw("$$ BEGIN RAISE 'held'; END $$")}`;
  await db.$executeRaw`CREATE TRIGGER hold BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION hold()`;
  const { url, apiKey } = stage.caller();
  const withKey = { headers: { "X-API-Key": apiKey } };
  const chatId = await longChat();
  const live = await openLive(url, chatId, withKey);
  const deletionId = await deleteLong(chatId, "?force=true");
  expect(await live.closed).toBe(4410);
  expect(live.messages()).toEqual([]);
  for (const index of [0, 1]) {
    expect(await expectRefusal(stage.server(index).url, chatId, withKey)).toMatchObject({ status: 404 });
  }
  expect(await recordOf(deletionId)).toEqual({ state: "pending", erased_at: null });

  const child = spawn(process.execPath, [doctor, "doctor", "--json"], {
    env: { PATH: process.env.PATH ?? "", DATABASE_URL: databaseUrl, PORT: "2", NODE_ENV: "test" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect(said).toContain("Deleted chats whose rows are still to be erased: 1, with 3000 messages");
  const logs = [0, 1].map((index) => stage.server(index).stderr()).join("");
  for (const output of [said, logs]) expect(output).not.toContain(secret);

  await db.$executeRaw`DROP TRIGGER hold ON message`;
  // Each server that has failed tries again after 30 s, and looks for what there is to do every 5.
  await expect.poll(() => recordOf(deletionId)).toMatchObject({ state: "erased" });
});
