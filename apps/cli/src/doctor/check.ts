/** What one look found. `info` and `warning` do not make the diagnosis fail. */
export type Check = {
  name: string;
  status: "ok" | "info" | "warning" | "failed";
  detail: string;
  /** What to do about it; null when there is nothing to do. */
  remedy: string | null;
};

/** All is well. */
export function ok(name: string, detail: string): Check {
  return { name, status: "ok", detail, remedy: null };
}

/** Worth knowing, nothing wrong. */
export function info(name: string, detail: string, remedy: string | null = null): Check {
  return { name, status: "info", detail, remedy };
}

/** It works, and somebody should still look at it. */
export function warning(name: string, detail: string, remedy: string): Check {
  return { name, status: "warning", detail, remedy };
}

/** It does not work. */
export function failed(name: string, detail: string, remedy: string): Check {
  return { name, status: "failed", detail, remedy };
}

/** A failure that explains itself in one message. */
export function failedWith(name: string, error: unknown): Check {
  const detail = error instanceof Error && error.message !== "" ? error.message : String(error);
  return { name, status: "failed", detail, remedy: null };
}
