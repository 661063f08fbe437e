import { z } from "zod";

const frameSchema = z.object({
  event: z.string().default("message"),
  data: z.string().default(""),
  id: z.string().optional(),
});
const dataSchema = z.looseObject({ type: z.string() });
const errorSchema = z.looseObject({ data: z.looseObject({}) });

/** One event of a stream, under the id that resumes after it. */
export type StreamedEvent = { id: string; data: z.infer<typeof dataSchema> };

/** A subscription to `events.subscribe`, read as the bytes that it is (HTML standard, server-sent events). */
export type EventStream = {
  contentType: string | null;
  /** The next event; fails when an error or nothing comes instead. */
  next(): Promise<StreamedEvent>;
  /** Reads on to the first event that satisfies `wanted`. */
  until(wanted: (data: StreamedEvent["data"]) => boolean): Promise<StreamedEvent["data"]>;
  /** Reads on to the error that ends the stream. */
  error(): Promise<z.infer<typeof errorSchema>>;
  close(): void;
};

const longestWaitMs = 120_000;

/** Subscribes with the given headers. */
export async function openEventStream(
  baseUrl: string,
  { headers, lastEventId }: { headers: Record<string, string>; lastEventId?: string | undefined },
): Promise<EventStream> {
  const leaving = new AbortController();
  const query = lastEventId === undefined ? "" : `?${new URLSearchParams({ lastEventId })}`;
  const response = await fetch(`${baseUrl}/api/trpc/events.subscribe${query}`, {
    headers,
    signal: leaving.signal,
  });
  const frames = readFrames(response);
  const nextFrame = async () => {
    const timer = setTimeout(() => leaving.abort(new Error("no event came in time")), longestWaitMs);
    try {
      for (;;) {
        const { value, done } = await frames.next();
        if (done) throw new Error("the stream ended");
        if (value.event === "message" || value.event === "serialized-error") return value;
      }
    } finally {
      clearTimeout(timer);
    }
  };
  const next = async (): Promise<StreamedEvent> => {
    const { event, data, id } = await nextFrame();
    if (event !== "message" || id === undefined) throw new Error(`expected an event, got ${event}: ${data}`);
    return { id, data: dataSchema.parse(JSON.parse(data)) };
  };
  return {
    contentType: response.headers.get("content-type"),
    next,
    until: async (wanted) => {
      for (;;) {
        const { data } = await next();
        if (wanted(data)) return data;
      }
    },
    error: async () => {
      for (;;) {
        const { event, data } = await nextFrame();
        if (event === "serialized-error") return errorSchema.parse(JSON.parse(data));
      }
    },
    close: () => leaving.abort(),
  };
}

async function* readFrames({ body }: Response) {
  if (!body) throw new Error("the answer has no body");
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n").filter((line) => line !== "");
      if (lines.length === 0) continue;
      yield frameSchema.parse(Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2))));
    }
  }
}
