/** One thing that is wrong with the environment, and what to do about it. */
export type Problem = { variable: string; problem: string; remedy: string };

/** Everything that is wrong with the environment, at once. Its message is meant for a terminal and holds no secret. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ variable, problem, remedy }) => `  ${variable} ${problem}\n    ${remedy}`);
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The environment has ${count}:\n${lines.join("\n")}`);
    this.problems = problems;
  }
}
