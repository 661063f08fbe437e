import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createFormerDatabase } from "../testing/create-empty-database.ts";
import { withPatience } from "../testing/start-test-server.ts";

test("webhooks go on exactly where they were when events come to be read by snapshots", async () => {
  const { url, upgrade } = await createFormerDatabase("20261128030000_event_snapshots");
  await withPatience(url, async (client) => {
    const tenant = randomUUID();
    const write = async (count: number): Promise<{ xid: string; id: string }[]> => {
      const { rows } = await client.query(
        `INSERT INTO event (tenant_id, type, chat_id)
         SELECT $1::uuid, 'chat.deleted', gen_random_uuid() FROM generate_series(1, $2::integer) RETURNING xid, id`,
        [tenant, count],
      );
      return rows;
    };
    await write(2);
    const [, last, ...rest] = await write(4);
    const after = await write(1);
    // A batch ended in the middle of a transaction.
    await client.query("UPDATE webhook_position SET xid = $1, event_id = $2", [last?.xid, last?.id]);
    await upgrade();
    const later = await write(1);
    const { rows } = await client.query(
      "SELECT unread.id FROM webhook_position AS p CROSS JOIN unread_events(p.seen, 500) AS unread ORDER BY unread.id",
    );
    expect(rows.map(({ id }) => id)).toEqual([...rest, ...after, ...later].map(({ id }) => id));
  });
});
