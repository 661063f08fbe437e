import fc from "fast-check";
import { expect, it } from "vitest";
import type { LoadedEvent } from "./events.ts";
import { BoundedQueue, type QueueItem } from "./tail.ts";

const at = new Date(0);
const event = (n: number): LoadedEvent => ({
  row: {
    type: "deletion_job.finished",
    tenant_id: "t",
    xid: 1n,
    id: BigInt(n),
    at,
    saw: "1:1:",
    job_id: "j",
  },
  event: { type: "deletion_job.finished", at, jobId: "j" },
});

it("hands every event over in order, or tells of a loss and goes on right behind it", async () => {
  const step = fc.oneof(fc.record({ push: fc.nat(9) }), fc.record({ take: fc.nat(9) }));
  await fc.assert(
    fc.asyncProperty(fc.array(step), fc.integer({ min: 1, max: 6 }), async (steps, size) => {
      const queue = new BoundedQueue(size);
      const taken: QueueItem[] = [];
      let pushed = 0;
      let waiting = 0;
      const take = async () => {
        const item = await queue.take();
        if (item) taken.push(item);
      };
      for (const { push = 0, take: takes = 0 } of steps.map((one) => ({ push: 0, take: 0, ...one }))) {
        for (let n = 0; n < push; n += 1) {
          pushed += 1;
          queue.push(event(pushed));
          waiting = Math.min(waiting + 1, size + 1);
        }
        for (let n = 0; n < takes && waiting > 0; n += 1) {
          const before = taken.length;
          await Promise.race([take(), new Promise(setImmediate)]);
          if (taken.length === before) break;
        }
      }
      let last = 0;
      for (const item of taken) {
        const position = Number("lost" in item ? item.lost.last?.id : item.row.id);
        if ("lost" in item) expect(position).toBeGreaterThan(last);
        else expect(position).toBe(last + 1);
        last = position;
      }
    }),
  );
});

it("wakes a reader that waits, and lets it go when it is closed", async () => {
  const queue = new BoundedQueue(3);
  const first = queue.take();
  queue.push(event(1));
  expect(await first).toEqual(event(1));
  const second = queue.take();
  queue.close();
  queue.push(event(2));
  expect(await second).toBeUndefined();
  expect(await queue.take()).toBeUndefined();
});
