import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";

const rule = `retention_days must be a whole number from 1 to ${limits.retentionDays}`;
const daysSchema = z.int(rule).min(1, rule).max(limits.retentionDays, rule);

/** What retention after so many days without activity would delete. */
export const previewRetentionSchema = strictInput({ retention_days: daysSchema });

/** The same as `previewRetentionSchema`, in a query string. */
export const previewRetentionQuerySchema = strictInput({
  retention_days: z
    .string(rule)
    .regex(/^\d{1,5}$/, rule)
    .transform(Number)
    .pipe(daysSchema)
    .meta({ type: "integer", minimum: 1, maximum: limits.retentionDays }),
});
