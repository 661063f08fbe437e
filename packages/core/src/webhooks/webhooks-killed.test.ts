import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { startReceiver } from "../../test/receiver.ts";
import { deletedChat, everything, logOf, verified } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";

const world = useWorld();
const program = fileURLToPath(new URL("../../test/webhook-program.ts", import.meta.url));

/** A process that delivers webhooks, until the end of the test at the latest. */
async function spawnWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, world.url], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  if (child.stdout) await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("webhooks of processes", () => {
  it("that are killed between send and acknowledgement are sent again, under the same webhook-id", async () => {
    const ctx = await world.tenant();
    let killed = false;
    const receiver = await startReceiver((response) => {
      // It has got it, and the sender never hears of that.
      if (killed) response.writeHead(200).end();
    });
    const { id: webhookId, secret } = await everything(ctx, receiver.url);
    const doomed = await spawnWorker();
    const { chatId } = await deletedChat(ctx);
    await expect.poll(() => receiver.received.length, { interval: 10 }).toBe(2);
    await kill(doomed);
    killed = true;
    await spawnWorker();
    const states = async () => (await logOf(ctx, webhookId)).map(({ state }) => state);
    await expect.poll(states).toEqual(["delivered", "delivered"]);
    const ids = receiver.received.map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids.slice(0, 2))).toEqual(new Set(ids.slice(2)));
    const told = receiver.received.map((one) => verified(one, secret));
    expect(told.map(({ data }) => data.chat_id)).toEqual([chatId, chatId, chatId, chatId]);
  });

  it("have every event once in the log, and tell all of it, whenever they are killed", async () => {
    const ctx = await world.tenant();
    const receiver = await startReceiver();
    const { id: webhookId } = await everything(ctx, receiver.url);
    let workers = await Promise.all([spawnWorker(), spawnWorker()]);
    const chats: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      for (let n = 0; n < 25; n += 1) chats.push((await deletedChat(ctx)).chatId);
      const [victim, survivor] = workers;
      if (victim) await kill(victim);
      workers = await Promise.all([survivor ?? spawnWorker(), spawnWorker()]);
    }
    const states = async () => {
      const log = await logOf(ctx, webhookId);
      return [log.length, log.every(({ state }) => state === "delivered")];
    };
    await expect.poll(states, { interval: 200 }).toEqual([2 * chats.length, true]);
    const log = await logOf(ctx, webhookId);
    const told = log.map(({ eventType, payload }) => `${eventType} ${payload.data.chat_id}`);
    const expected = chats.flatMap((id) => [`chat.deleted ${id}`, `deletion.erased ${id}`]);
    expect(told.toSorted()).toEqual(expected.toSorted());
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set(log.map(({ id }) => id)));
  });
});
