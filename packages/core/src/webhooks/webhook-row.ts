import { Prisma } from "@lethe/db";
import { z } from "zod";
import { webhookEventTypes } from "../limits.ts";
import type { Webhook } from "./webhook.ts";

/** The columns of a webhook for a SELECT or RETURNING; no secret is among them. */
export const webhookColumns = Prisma.sql`
  id, url, description, event_types, enabled, disabled_at, disabled_reason, failing_since,
  CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret_until END AS previous_secret_until,
  created_at, updated_at`;

/** Rows of `webhookColumns`. Types of a newer version are left out. */
export const webhookRow = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.enum(webhookEventTypes).nullable().catch(null)),
    enabled: z.boolean(),
    disabled_at: z.date().nullable(),
    disabled_reason: z.enum(["gone", "failing"]).nullable(),
    failing_since: z.date().nullable(),
    previous_secret_until: z.date().nullable(),
    created_at: z.date(),
    updated_at: z.date(),
  })
  .transform(
    (row): Webhook => ({
      id: row.id,
      url: row.url,
      description: row.description,
      eventTypes: row.event_types.filter((type) => type !== null),
      enabled: row.enabled,
      disabledAt: row.disabled_at,
      disabledReason: row.disabled_reason,
      failingSince: row.failing_since,
      previousSecretUntil: row.previous_secret_until,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  );
export const webhookRows = z.array(webhookRow);
