import { subscribeSchema } from "../schemas/index.ts";
import { t } from "./init.ts";
import { reading } from "./procedures.ts";
import { streamEvents } from "./stream-events.ts";

/** `events.*`: what happens in the tenant, as it happens. */
export const eventsRouter = t.router({
  subscribe: reading(subscribeSchema).subscription(({ ctx, input, signal }) =>
    streamEvents(ctx, { after: input?.lastEventId, signal }),
  ),
});
