import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import { text, timeSchema } from "./text.ts";

const states = ["closing", "deleting", "telling", "removing", "left"] as const;

/** What the tenant is called, from somebody who means it. */
export const deleteTenantSchema = strictInput(
  {
    confirm: text("confirm", { min: 1, max: 200, trim: true }).meta({
      description: "What the tenant is called, exactly.",
      example: "Acme Inc.",
    }),
    keep_ledger: z.boolean("keep_ledger must be true or false").default(false).meta({
      description:
        "Whether the ledger, once it is complete, waits a day at most for whoever holds the token to fetch it. Takes the scope `chats:read` too.",
    }),
  },
  "Give confirm with the tenant's name",
);

/** A departure that has begun. */
export const departureBegunSchema = z
  .object({
    state: z.enum(states),
    started_at: timeSchema,
    token: z.string().nullable().meta({
      description:
        "Opens `GET /departure`: the progress and the receipt. It is told this once; null: it had begun before.",
    }),
    path: z
      .string()
      .nullable()
      .meta({ description: "The page that shows both. The token stands behind its `#`." }),
  })
  .meta({ id: "DepartureBegun" });

/** How far a tenant is with leaving, for the holder of the token. */
export const departureSchema = z
  .object({
    tenant_id: z.guid(),
    state: z.enum(states).meta({ description: "`left`: nothing is to come any more." }),
    started_at: timeSchema,
    left_at: timeSchema.nullable(),
    chats: z
      .object({ matched: z.int().nullable(), deleted: z.int() })
      .nullable()
      .meta({ description: "What its deletion job has met and deleted; null: none is under way." }),
    held: z.array(z.guid()).meta({ description: "Chats on hold that are in the way after all." }),
    ledger: z
      .object({ sha256: z.string(), until: timeSchema })
      .nullable()
      .meta({
        description:
          "The complete ledger, which waits until then to be fetched at `GET /departure/ledger`; null: nobody asked for it, it " +
          "is not complete yet, or it was fetched.",
      }),
    receipt: z.string().nullable().meta({
      description: "A signed statement about all of it (`lethe-tenant-receipt+jwt`); null until it has left.",
    }),
  })
  .meta({ id: "Departure" });
export type Departure = z.infer<typeof departureSchema>;

/** What the holder of the token has done meanwhile. */
export const updateDepartureSchema = strictInput(
  {
    ledger_kept: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "ledger_kept must be a SHA-256 in hexadecimal, 64 small digits")
      .meta({
        description: "The SHA-256 of the ledger as it was fetched, which lets it go.",
        example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      }),
  },
  "Send a JSON object with ledger_kept",
).meta({ id: "UpdateDeparture" });
