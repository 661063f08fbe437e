import { readFileSync } from "node:fs";

export type Failure = { name: string; messages: string[] };
export type Outcome = {
  passed: number;
  skipped: number;
  failures: Failure[];
  /** The files, longest first, of a runner that says how long they took. */
  slowest?: { name: string; seconds: number }[];
};

/**
 * What a runner said of its tests.
 *
 * @param runner its name, for a failure that no test is to blame for
 * @param ended whether it ended well: if it left no report, or broke down after its last test, that is a failure
 * @param read makes an outcome of the JSON that it wrote to `report`
 */
export function outcomeOf(
  runner: string,
  ended: boolean,
  report: string,
  read: (json: unknown) => Outcome,
): Outcome {
  const brokeDown = (why: string) => ({ name: runner, messages: [why] });
  try {
    const outcome = read(JSON.parse(readFileSync(report, "utf8")));
    if (ended || outcome.failures.length > 0) return outcome;
    return { ...outcome, failures: [brokeDown("It broke down although no test failed: see above.")] };
  } catch (err) {
    return { passed: 0, skipped: 0, failures: [brokeDown(`It left no report that can be read: ${err}`)] };
  }
}
