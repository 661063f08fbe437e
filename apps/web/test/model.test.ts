import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { createCaller } from "./support/caller.ts";
import { guardVault } from "./support/guard-vault.ts";
import { anyAction, beginning } from "./support/model/action.ts";
import { showModel, showReal } from "./support/model/compare.ts";
import { emptyModel, step } from "./support/model/model.ts";
import { purgeNow } from "./support/model/purge-now.ts";
import { createRealWorld, perform } from "./support/model/world.ts";
import { useStage } from "./support/stage.ts";

const stage = useStage({ servers: 2 });

beforeAll(() => guardVault(stage.database().db));

/** Sequences, and actions in each at most. */
const runs = 30;
const longest = 40;
/** Milliseconds; less than a test may take. */
const timeLimit = 200_000;

it("does what a simple model does, through two servers, whatever is asked in whatever order", {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAction, { minLength: 1, maxLength: longest, size: "max" }),
      async (actions) => {
        const { apiKey } = await stage.createTenant();
        const { db } = stage.database();
        const callers = [0, 1].map((index) => createCaller(stage.server(index).url, apiKey));
        const [first, second] = callers;
        if (!first || !second) throw new Error("There are two servers");
        const world = createRealWorld([first, second], (chatId) => purgeNow(db, chatId));
        const model = emptyModel();
        for (const [index, action] of [...beginning, ...actions].entries()) {
          const expected = step(model, action);
          const place = `action ${index}: ${JSON.stringify(action)}`;
          expect(await perform(world, action), place).toEqual(expected);
          const other = action.server === 0 ? second : first;
          expect(await showReal(world, other), `after ${place}`).toEqual(showModel(model));
        }
        for (const { sockets } of world.chats) await Promise.all(sockets.map((live) => live.leave()));
      },
    ),
    // A failure is made smaller for so long, and then told: without a limit the test's own end would hide it.
    { numRuns: runs, interruptAfterTimeLimit: timeLimit, markInterruptAsFailure: true },
  );
});
