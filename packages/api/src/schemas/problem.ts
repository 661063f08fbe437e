import { z } from "zod";

/** A field of a request that was refused, and what to send instead. */
const fieldFaultSchema = z.object({
  field: z.string().meta({ description: "The path of the field, such as title or messages.0.body." }),
  message: z.string(),
});
export type FieldFault = z.infer<typeof fieldFaultSchema>;

/**
 * A failure: RFC 9457 with members of ours. `success` and `message` let a caller of the plain contract
 * read it too; `message` says the same as `detail`.
 */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: "The failure in one word, for programs." }),
    request_id: z.string(),
    success: z.literal(false),
    message: z.string(),
    errors: z.array(fieldFaultSchema).optional(),
    active_connections: z.int().min(0).optional(),
    retry_after: z.int().min(0).optional().meta({ description: "Seconds after which to try again." }),
    version: z.int().optional().meta({ description: "The version that the chat has now." }),
    scope: z.string().optional().meta({ description: "The scope that the key lacks." }),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;
