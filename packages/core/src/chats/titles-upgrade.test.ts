import { randomUUID } from "node:crypto";
import { createClient } from "@lethe/db";
import { createFormerDatabase } from "@lethe/db/testing";
import { foldTitle, partTerms } from "@lethe/text";
import { expect, it, onTestFinished } from "vitest";
import { turnOf, useWorld } from "../../test/world.ts";
import { listChats } from "../index.ts";
import { fillTitles, foldTitles, titleTasks } from "./folded-titles.ts";

const world = useWorld();

it("upgrades an installation of the version before: its titles are found at once, and then as they are seen", async () => {
  const old = await createFormerDatabase("20261128085900_no_statistics_of_content");
  const db = createClient({ url: old.url });
  onTestFinished(() => db.$disconnect());
  const { tenantId } = await world.tenant();
  await old.run(`INSERT INTO tenant (tenant_id, name) VALUES ('${tenantId}', 'Old')`);
  const chatId = randomUUID();
  await old.run(`
    INSERT INTO transcript (tenant_id, chat_id) VALUES ('${tenantId}', '${chatId}');
    INSERT INTO chat (tenant_id, id, title) VALUES ('${tenantId}', '${chatId}', 'CAFE\u0301 in Ghent');
    ANALYZE chat`);
  await old.upgrade();
  const samples = await db.$queryRaw`SELECT FROM pg_stats WHERE tablename = 'chat' AND attname LIKE 'title%'`;
  expect(samples).toEqual([]);
  const ctx = { ...(await world.tenant()), db, tenantId };
  const titlesOf = async (q: string) =>
    (await listChats(ctx, { limit: 100, state: "active", q })).items.map(({ title }) => title);
  const found = async () => [await titlesOf("ghent"), await titlesOf("caf\u00e9")];
  expect(await found()).toEqual([["CAFE\u0301 in Ghent"], []]);
  await foldTitles(db, tenantId, null);
  expect(await found()).toEqual([["CAFE\u0301 in Ghent"], ["CAFE\u0301 in Ghent"]]);
});

it("upgrades an index without titles: finds by it as before, and fills them in", async () => {
  const old = await createFormerDatabase("20261128120000_titles_beside_terms");
  const db = createClient({ url: old.url });
  onTestFinished(() => db.$disconnect());
  const { tenantId } = await world.tenant();
  await old.run(`INSERT INTO tenant (tenant_id, name) VALUES ('${tenantId}', 'Old')`);
  const [chatId, other] = [randomUUID(), randomUUID()];
  const write = (id: string, title: string) => {
    const { folded, terms } = foldTitle(tenantId, title);
    return `
      INSERT INTO transcript (tenant_id, chat_id) VALUES ('${tenantId}', '${id}');
      INSERT INTO chat (tenant_id, id, title, title_folded) VALUES ('${tenantId}', '${id}', '${title}', '${folded}');
      INSERT INTO title_index (tenant_id, chat_id, terms) VALUES ('${tenantId}', '${id}', '{${terms}}');`;
  };
  await old.run(write(chatId, "Ghent"));
  await old.upgrade();
  // As a server of the version before goes on writing meanwhile.
  await old.run(write(other, "Ostend"));
  const titles = async () =>
    (await db.$queryRaw<{ folded: string | null }[]>`SELECT folded FROM title_index ORDER BY folded`).map(
      ({ folded }) => folded,
    );
  const found = (q: string) => {
    const terms = partTerms(tenantId, q)?.terms ?? [];
    return db.$queryRaw`
      SELECT chat_id FROM search_titles(${tenantId}::uuid, ${terms}::integer[], true, ${`%${q}%`}, 9, 9)`;
  };
  expect(await titles()).toEqual([null, null]);
  expect([await found("ghent"), await found("osten")]).toMatchObject([
    [{ chat_id: chatId }],
    [{ chat_id: other }],
  ]);
  await fillTitles(db, tenantId, null);
  expect(await titles()).toEqual(["ghent", "ostend"]);
  const { terms } = foldTitle(tenantId, "Bruges");
  await old.run(`
    UPDATE chat SET title = 'Bruges', title_folded = 'bruges' WHERE id = '${chatId}';
    UPDATE title_index SET terms = '{${terms}}' WHERE chat_id = '${chatId}'`);
  expect([await found("ghent"), await found("bruge")]).toMatchObject([[], [{ chat_id: chatId }]]);
});

it("holds few chats at a time where the index is slow, so that whoever deletes them does not stand", async () => {
  const { tenantId, db } = await world.tenant();
  const ids = Array.from({ length: 120 }, () => randomUUID());
  await db.transcript.createMany({ data: ids.map((chatId) => ({ tenantId, chatId })) });
  await db.chat.createMany({ data: ids.map((id) => ({ tenantId, id, title: "a title" })) });
  await db.$executeRaw`
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END $$`;
  await db.$executeRaw`CREATE TRIGGER slow BEFORE INSERT ON title_index FOR EACH ROW EXECUTE FUNCTION slow()`;
  onTestFinished(async () => {
    await db.$executeRaw`DROP FUNCTION slow CASCADE`;
  });
  const [folding] = titleTasks({ db }).tasks;
  expect(await folding?.work(tenantId, turnOf())).toEqual({ more: false });
  const batches = await db.$queryRaw<{ titles: number }[]>`
    SELECT count(*)::integer AS titles FROM title_index WHERE tenant_id = ${tenantId}::uuid
    GROUP BY xmin ORDER BY titles DESC`;
  expect(batches.reduce((sum, { titles }) => sum + titles, 0)).toBe(120);
  expect(batches[0]?.titles).toBeLessThanOrEqual(50);
  expect(batches.at(-1)?.titles).toBeLessThanOrEqual(12);
});
