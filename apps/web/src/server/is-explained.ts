const names = new Set(["EnvironmentError", "DatabaseSetupError", "StartError"]);

/** Whether a failure's message tells the person at the terminal what to do; a stack would only hide it. */
export function isExplained(error: unknown): error is Error {
  return error instanceof Error && names.has(error.name);
}
