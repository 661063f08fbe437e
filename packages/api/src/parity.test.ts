import { describeParity } from "./testing/describe-parity.ts";
import { restEntrance } from "./testing/rest-caller.ts";
import { startTestApi } from "./testing/start-test-api.ts";
import { trpcEntrance } from "./testing/trpc-caller.ts";

describeParity("@hono/node-server", () => startTestApi(), [restEntrance, trpcEntrance]);
