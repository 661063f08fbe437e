/** The `code` of a system or PostgreSQL error ("ENOENT", "57P03"), or undefined when it has none. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** The message of whatever was thrown. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error && error.message !== "" ? error.message : String(error);
