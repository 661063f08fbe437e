import { z } from "zod";
import type { Outcome } from "./outcome.ts";

const errors = z.array(z.object({ message: z.string().default("") })).default([]);
const suiteSchema = z.object({
  title: z.string(),
  get suites() {
    return z.array(suiteSchema).default([]);
  },
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      line: z.number(),
      tests: z.array(z.object({ status: z.string(), results: z.array(z.object({ errors })) })),
    }),
  ),
});
const reportSchema = z.object({ suites: z.array(suiteSchema), errors });

type Suite = z.infer<typeof suiteSchema>;
const specsOf = (suite: Suite): Suite["specs"] => [...suite.specs, ...suite.suites.flatMap(specsOf)];

/** What Playwright's JSON reporter wrote. A test that passed only when it was tried again has failed. */
export function readPlaywright(json: unknown): Outcome {
  const report = reportSchema.parse(json);
  const tests = report.suites
    .flatMap(specsOf)
    .flatMap(({ file, line, title, tests }) =>
      tests.map((test) => ({ ...test, name: `${file}:${line} › ${title}` })),
    );
  const passed = tests.filter(({ status }) => status === "expected").length;
  const failed = tests.filter(({ status }) => status === "unexpected" || status === "flaky");
  return {
    passed,
    skipped: tests.length - passed - failed.length,
    failures: [
      ...failed.map(({ name, results }) => ({
        name,
        messages: results.flatMap((result) => result.errors.map(({ message }) => message)),
      })),
      ...report.errors.map(({ message }) => ({ name: "outside of all tests", messages: [message] })),
    ],
  };
}
