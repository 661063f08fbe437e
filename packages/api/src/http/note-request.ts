import type { Services } from "../services.ts";

type Asked = { method: string; header: (name: string) => string | undefined };
/** `route` is a template: it has no ids. */
export type Answered = { requestId: string; route: string; status: number };

/** What supervisors ask every second or two. */
const probes = new Set(["/livez", "/readyz", "/metrics"]);

/**
 * Notes a request that begins. Answers what notes its answer: one line of the log, its duration in the metrics, and the
 * end of its span.
 */
export function noteRequest(
  { log, metrics, tracing }: Pick<Services, "log" | "metrics" | "tracing">,
  { method, header }: Asked,
): (answered: Answered) => void {
  const start = performance.now();
  const endSpan = tracing?.begin({ method, header });
  return ({ requestId, route, status }) => {
    const seconds = (performance.now() - start) / 1_000;
    metrics.requestDuration.observe({ method, route, status }, seconds);
    endSpan?.({ requestId, route, status });
    const fields = { request_id: requestId, method, route, status, seconds };
    log[probes.has(route) && status < 400 ? "debug" : "info"](fields, "request");
  };
}
