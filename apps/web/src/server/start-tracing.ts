import type { Tracing } from "@lethe/api";
import type { Logger } from "pino";
import { within } from "./run-program.ts";
import { version } from "./version.ts";

/** How long the last spans may take to the collector; milliseconds. */
const closeTimeoutMs = 2_000;

/**
 * Starts OpenTelemetry's SDK, which is loaded only here. Spans leave in batches, and are dropped when a collector takes
 * too few. The SDK reads its own variables for the rest: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
 * `OTEL_EXPORTER_OTLP_HEADERS`.
 *
 * @param endpoint the address of the collector, without `/v1/traces`
 */
export async function startTracing(
  endpoint: string,
  log: Logger,
): Promise<{ tracing: Tracing; close: () => Promise<void> }> {
  const [
    { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode },
    { W3CTraceContextPropagator },
    { OTLPTraceExporter },
    { defaultResource, detectResources, envDetector, resourceFromAttributes, serviceNameEnvDetector },
    { BatchSpanProcessor, TracerProvider },
  ] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/core"),
    import("@opentelemetry/exporter-trace-otlp-proto"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/sdk-trace"),
  ]);
  const warn = (message: string, ...more: unknown[]) => log.warn({ more }, `Traces: ${message}`);
  const quiet = () => {};
  const logger = { error: warn, warn, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const ours = resourceFromAttributes({ "service.name": "lethe", "service.version": version });
  const named = detectResources({ detectors: [envDetector, serviceNameEnvDetector] });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` });
  const provider = new TracerProvider({
    resource: defaultResource().merge(ours).merge(named),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("lethe", version);
  const propagator = new W3CTraceContextPropagator();
  const getter = {
    keys: () => ["traceparent", "tracestate"],
    get: (header: (name: string) => string | undefined, name: string) => header(name),
  };
  return {
    tracing: {
      begin: ({ method, header }) => {
        const parent = propagator.extract(ROOT_CONTEXT, header, getter);
        const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent);
        return ({ requestId, route, status }) => {
          span.updateName(`${method} ${route}`);
          // By the semantic conventions of HTTP; a path or a query would have ids and what was searched for.
          span.setAttributes({
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "lethe.request_id": requestId,
          });
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        };
      },
    },
    close: () =>
      within(closeTimeoutMs, provider.shutdown(), (err) => log.warn({ err }, "The last traces were lost")),
  };
}
