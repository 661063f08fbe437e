/** A reason why Lethe cannot start that the person who started it can remove. Its message says how. */
export class StartError extends Error {
  override readonly name = "StartError";
}

const explained = new Set(["EnvironmentError", "DatabaseSetupError", "StartError"]);

/** Whether a failure's message tells the person at the terminal what to do; a stack would only hide it. */
export function isExplained(error: unknown): error is Error {
  return error instanceof Error && explained.has(error.name);
}
