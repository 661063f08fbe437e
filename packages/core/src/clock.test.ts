import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { z } from "zod";
import { useWorld } from "../test/world.ts";
import { readClock } from "./clock.ts";

const world = useWorld();

it("is never ahead of the database, however long an answer is on its way", async () => {
  const { db } = await world.tenant();
  const slow = db.$extends({
    query: {
      async $queryRaw({ args, query }) {
        const answer = await query(args);
        await sleep(300);
        return answer;
      },
    },
  });
  const clock = await readClock(slow);
  for (let n = 0; n < 50; n += 1) {
    const shown = clock();
    const [{ now }] = z
      .tuple([z.object({ now: z.date() })])
      .parse(await db.$queryRaw`SELECT clock_timestamp()::timestamptz(3) AS now`);
    expect(now.getTime()).toBeGreaterThanOrEqual(shown.getTime());
  }
});
