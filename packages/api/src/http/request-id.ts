import { randomUUID } from "node:crypto";

/** What a caller may call its request: short, and harmless in a log line and in a header. */
const sane = /^[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}$/;

/** The caller's own id for its request when it has a sane one, else a new UUID. */
export function requestIdFor(header: string | undefined | null): string {
  return header && sane.test(header) ? header : randomUUID();
}
