import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Prisma } from "@lethe/db";
import { describe, expect, it, onTestFinished } from "vitest";
import { longChat } from "../../test/long-chat.ts";
import { nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { type Context, deleteChat, deleteChats, startBackground } from "../index.ts";

const world = useWorld();
const program = fileURLToPath(new URL("../../test/erase-program.ts", import.meta.url));

async function pending(ctx: Context, messages: number) {
  const chatId = await longChat(ctx, messages);
  const { id: deletionId } = await deleteChat(ctx, { chatId, force: false });
  return { chatId, deletionId };
}

function work(erased: number[] = [], warned: string[] = []) {
  const { db } = world;
  const onErased = (messages: number) => erased.push(messages);
  const log = { warn: (_: object, message: string) => warned.push(message) };
  const background = startBackground({ db, log, pace: 1 / 20, onErased });
  onTestFinished(() => background.close());
  return background;
}

/** A worker as a process of its own; `erased` counts what it says. */
function spawnWorker() {
  const child: ChildProcess = spawn(process.execPath, [program, world.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let erased = 0;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n")) erased += Number(line);
  });
  return { child, erased: () => erased };
}

/** Has the erasure of a chat's messages fail after so many of them, until the function that it answers is called. */
async function sabotage(chatId: string, after: number): Promise<() => Promise<unknown>> {
  const body = `BEGIN IF OLD.chat_id = '${chatId}' AND OLD.seq > ${after} THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN OLD; END`;
  await world.db.$executeRaw`
    CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(`$$ ${body} $$`)}`;
  await world.db.$executeRaw`
    CREATE TRIGGER sabotage BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION sabotage()`;
  return () => world.db.$executeRaw`DROP FUNCTION sabotage CASCADE`;
}

const expectErased = (ctx: Context, chatId: string) =>
  expect.poll(() => vaultOf(ctx, chatId), { interval: 50 }).toEqual(nothingButTheLedger);
const erasedAt = async (ctx: Context, id: string) =>
  (await ctx.db.deletion.findFirstOrThrow({ where: { tenantId: ctx.tenantId, id } })).erasedAt;

describe("jobs", () => {
  it("erase what deletions leave behind, and count it", async () => {
    const ctx = await world.tenant();
    const erased: number[] = [];
    work(erased);
    const { chatId, deletionId } = await pending(ctx, 3_000);
    await expectErased(ctx, chatId);
    expect(await erasedAt(ctx, deletionId)).toBeInstanceOf(Date);
    expect(erased.reduce((sum, messages) => sum + messages)).toBe(3_000);
  });

  it("go on after kill -9, without doing twice what was done", async () => {
    const ctx = await world.tenant();
    const { chatId, deletionId } = await pending(ctx, 30_000);
    // However long it takes until the kill comes, something is left.
    const spare = await sabotage(chatId, 20_000);
    const doomed = spawnWorker();
    await expect.poll(doomed.erased, { interval: 5 }).toBeGreaterThan(1_000);
    doomed.child.kill("SIGKILL");
    await once(doomed.child, "exit");
    const { message: left } = await vaultOf(ctx, chatId);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(30_000);
    expect(await erasedAt(ctx, deletionId)).toBeNull();
    await spare();
    const heir = spawnWorker();
    await expectErased(ctx, chatId);
    expect(await erasedAt(ctx, deletionId)).toBeInstanceOf(Date);
    await expect.poll(heir.erased).toBeLessThanOrEqual(left ?? 0);
  });

  it("are shared by processes, each message erased once", async () => {
    const ctx = await world.tenant();
    const chats = await Promise.all(Array.from({ length: 6 }, () => longChat(ctx, 2_000)));
    await deleteChats(
      ctx.db,
      chats.map((chatId) => ({ ...ctx, chatId, force: false })),
    );
    const workers = [spawnWorker(), spawnWorker()];
    for (const chatId of chats) await expectErased(ctx, chatId);
    const total = () => workers.reduce((sum, { erased }) => sum + erased(), 0);
    await expect.poll(total).toBe(12_000);
  });

  it("try again what fails, for as long as it fails", async () => {
    const ctx = await world.tenant();
    const { chatId, deletionId } = await pending(ctx, 2_000);
    const spare = await sabotage(chatId, 900);
    const warned: string[] = [];
    work([], warned);
    await expect.poll(() => warned.length).toBeGreaterThan(2);
    expect(await erasedAt(ctx, deletionId)).toBeNull();
    await spare();
    await expectErased(ctx, chatId);
  });

  it("find erasures that nobody told them of", async () => {
    const [ctx, other] = [await world.tenant(), await world.tenant()];
    const [before, elsewhere] = [await pending(ctx, 500), await longChat(other, 500)];
    work();
    await expectErased(ctx, before.chatId);
    const db = world.anotherClient();
    await deleteChat({ ...other, db }, { chatId: elsewhere, force: false });
    await expectErased(other, elsewhere);
  });

  it("survive the loss of their connections", async () => {
    const ctx = await world.tenant();
    work();
    await world.db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'lethe test' AND datname = current_database() AND pid <> pg_backend_pid()`;
    // By a client that has lost nothing: this one may not have noticed yet which of its connections are gone.
    const { chatId } = await pending({ ...ctx, db: world.anotherClient() }, 500);
    await expectErased(ctx, chatId);
  });

  it("end soon when told to, in the middle of a transcript", async () => {
    const ctx = await world.tenant();
    const erased: number[] = [];
    const jobs = work(erased);
    const { chatId } = await pending(ctx, 100_000);
    await expect.poll(() => erased.length, { interval: 5 }).toBeGreaterThan(0);
    await jobs.close();
    const { message: left } = await vaultOf(ctx, chatId);
    expect(left).toBeGreaterThan(0);
  });

  it("erase for tenants by turns, so that much of one does not hold up another's", async () => {
    const [many, ctx] = [await world.tenant(), await world.tenant()];
    for (let n = 0; n < 60; n += 1) await pending(many, 300);
    const { chatId, deletionId } = await pending(ctx, 300);
    work();
    await expectErased(ctx, chatId);
    const at = await erasedAt(ctx, deletionId);
    const before = { tenantId: many.tenantId, erasedAt: { lt: at ?? new Date() } };
    expect(await world.db.deletion.count({ where: before })).toBeLessThan(30);
  });
});
