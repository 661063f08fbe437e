import { requireScope, startLeaving } from "@lethe/core";
import { timeText } from "../present.ts";
import { deleteTenantSchema, departureBegunSchema } from "../schemas/index.ts";
import { mutation } from "./operation.ts";

/** `tenant.*` over tRPC, `/tenant` over REST. */
export const tenant = {
  delete: mutation({
    name: "tenant.delete",
    scope: "tenant:delete",
    summary: "Delete the tenant, with all that it has",
    description:
      "Answers 202 when it has begun, and nobody can take it back: keys, sessions and sockets end everywhere within two " +
      "seconds, this one's too. The rest follows in the background and survives crashes. Whoever holds `token` reads at " +
      "`GET /departure` how far it is, and at the end the receipt. Nothing begins while a chat is on hold.",
    input: deleteTenantSchema,
    output: departureBegunSchema,
    rest: {
      method: "delete",
      path: "/tenant",
      operationId: "deleteTenant",
      tag: "Tenant",
      status: 202,
      answer: "It has begun",
      problems: { CONFLICT: "Chats are on hold (`on_hold`), and are named; nothing was done" },
    },
    run: async ({ core, principal }, { confirm, keep_ledger: ledgerWanted }) => {
      if (ledgerWanted) requireScope(principal, "chats:read");
      const { departure, token } = await startLeaving(core.db, { ...core, confirm, ledgerWanted });
      const { state, startedAt } = departure;
      return { state, started_at: timeText(startedAt), token, path: token && `/left#${token}` };
    },
  }),
};
