import { expect, it } from "vitest";
import { createCaller } from "./support/caller.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage();
const messages = 3;

/** True for a whole chat, false for one that is gone; fails for anything between. */
async function isWhole(chatId: string, acknowledged: boolean): Promise<boolean> {
  const { db } = stage.database();
  const where = { chatId };
  const [chat, message, transcript, deletion, told] = await Promise.all([
    stage.caller().getChat(chatId),
    db.message.count({ where }),
    db.transcript.count({ where }),
    db.deletion.count({ where }),
    db.event.count({ where: { chatId, type: "chat.deleted" } }),
  ]);
  const rows = { message, transcript, deletion, told };
  if (chat === null) {
    expect(rows).toEqual({ message: 0, transcript: 0, deletion: 1, told: 1 });
    return false;
  }
  expect(acknowledged).toBe(false);
  expect(chat.message_count).toBe(messages);
  expect(rows).toEqual({ message: messages, transcript: 1, deletion: 0, told: 0 });
  return true;
}

it("killed (-9) amid deletions leaves every chat whole or gone, and acknowledged ones gone", {
  timeout: 120_000,
}, async () => {
  const { url } = stage.database();
  const survivor = stage.caller();
  let acknowledged = 0;
  let untouched = 0;
  for (let kill = 0; kill < 6; kill += 1) {
    const doomed = await startServer({ DATABASE_URL: url });
    const caller = createCaller(doomed.url, survivor.apiKey);
    const chats = await Promise.all(
      Array.from({ length: 150 }, async () => {
        const chatId = await survivor.createChat();
        for (let n = 0; n < messages; n += 1) await survivor.say(chatId, `${n}`);
        return chatId;
      }),
    );
    const gone = new Set<string>();
    const deleting = chats.map((chatId) =>
      caller.deleteChat(chatId).then(
        (status) => {
          if (status === 200) gone.add(chatId);
        },
        () => {},
      ),
    );
    // In the middle, wherever the middle is on this machine.
    await expect.poll(() => gone.size, { interval: 1, timeout: 20_000 }).toBeGreaterThan(kill * 20);
    await doomed.end("SIGKILL");
    await Promise.all(deleting);

    const kept = await Promise.all(chats.map((chatId) => isWhole(chatId, gone.has(chatId))));
    untouched += kept.filter((whole) => whole).length;
    acknowledged += gone.size;
  }
  expect(acknowledged).toBeGreaterThan(0);
  expect(untouched).toBeGreaterThan(0);
});
