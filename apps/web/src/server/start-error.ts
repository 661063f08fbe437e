/** A reason why Lethe cannot start that the person who started it can remove. Its message says how. */
export class StartError extends Error {
  override readonly name = "StartError";
}
