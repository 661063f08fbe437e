import { expect, it } from "vitest";
import { runRace } from "./support/race-rounds.ts";
import { useStage } from "./support/stage.ts";

const stage = useStage({ servers: 2 });

it("lets a connection or a deletion win, never both, on two servers", async () => {
  const rounds = 600;
  const figures = await runRace({ callers: [stage.caller(0), stage.caller(1)], rounds, parallel: 8 });
  expect(figures.violations).toEqual([]);
  expect(figures.deletedAndRefused + figures.keptAndOpen).toBe(rounds);
  // Hundreds of rounds in each order: a race that one side always wins proves nothing.
  expect(figures.deletedAndRefused).toBeGreaterThan(rounds / 6);
  expect(figures.keptAndOpen).toBeGreaterThan(rounds / 6);
});
