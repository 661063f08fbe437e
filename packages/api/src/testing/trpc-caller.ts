import { createTRPCUntypedClient, httpLink, TRPCClientError } from "@trpc/client";
import type { AppRouter } from "../trpc/app-router.ts";
import { asRecord, type Entrance, type Operation } from "./caller.ts";

/** tRPC's own client at `/api/trpc`, untyped so that inputs can be wrong. */
export const trpcEntrance: Entrance = (baseUrl) => ({
  name: "tRPC",
  call: async (operation, input, apiKey) => {
    let answer: Response | undefined;
    const client = createTRPCUntypedClient<AppRouter>({
      links: [
        httpLink({
          url: `${baseUrl}/api/trpc`,
          headers: apiKey === undefined ? {} : { "X-API-Key": apiKey },
          fetch: async (url, options) => {
            answer = await fetch(url, { ...asRecord(options ?? {}), signal: AbortSignal.timeout(15_000) });
            return answer;
          },
        }),
      ],
    });
    const headers = () => ({
      retryAfter: answer?.headers.get("retry-after") ?? null,
      requestId: answer?.headers.get("x-request-id") ?? null,
    });
    try {
      const data = await (queries.has(operation)
        ? client.query(operation, input)
        : client.mutation(operation, input));
      return { status: successes[operation] ?? 200, body: asRecord(data), ...headers() };
    } catch (error) {
      if (!(error instanceof TRPCClientError) || !error.data) throw error;
      const { httpStatus, reason, code, ...members } = asRecord(error.data);
      if (httpStatus !== answer?.status)
        throw new Error(`${httpStatus} in the body, ${answer?.status} on the wire`);
      return {
        status: Number(httpStatus),
        body: { ...members, code: reason, detail: error.message, message: error.message },
        ...headers(),
      };
    }
  },
});

const queries = new Set<Operation>([
  "chat.list",
  "chat.byId",
  "deletion.list",
  "deletion.byId",
  "webhook.list",
  "webhook.byId",
  "webhook.deliveries",
  "deletionJob.preview",
  "deletionJob.list",
  "deletionJob.byId",
  "deletionJob.failures",
  "message.list",
  "settings.get",
  "settings.previewRetention",
]);

/** Where REST says more than 200. */
const successes: Partial<Record<Operation, number>> = {
  "chat.create": 201,
  "message.create": 201,
  "webhook.create": 201,
  "webhook.redeliver": 202,
  "deletionJob.create": 202,
};
