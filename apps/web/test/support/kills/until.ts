import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so. Throws with its name when it does not come about in time; milliseconds. */
export async function until(
  name: string,
  withinMs: number,
  isSo: () => unknown | Promise<unknown>,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline)
      throw new Error(`Within ${withinMs} ms it did not come about that ${name}`);
    await sleep(20);
  }
}

/** What `work` answers, tried again for as long as the database is away. */
export async function persist<Result>(work: () => Promise<Result>, withinMs = 120_000): Promise<Result> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
