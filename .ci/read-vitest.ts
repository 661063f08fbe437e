import { z } from "zod";
import type { Outcome } from "./outcome.ts";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      status: z.enum(["passed", "failed"]),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});

/** What vitest's JSON reporter wrote. A file that could not be run, or whose hooks failed, is a failure too. */
export function readVitest(json: unknown): Outcome {
  const files = reportSchema.parse(json).testResults;
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, name: `${name} › ${test.fullName}` })),
  );
  const failed = tests.filter(({ status }) => status === "failed");
  const brokenFiles = files.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const passed = tests.filter(({ status }) => status === "passed").length;
  return {
    passed,
    skipped: tests.length - passed - failed.length,
    slowest: files
      .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1_000 }))
      .toSorted((a, b) => b.seconds - a.seconds),
    failures: [
      ...failed.map(({ name, failureMessages }) => ({ name, messages: failureMessages })),
      ...brokenFiles.map(({ name, message }) => ({ name, messages: [message] })),
    ],
  };
}
