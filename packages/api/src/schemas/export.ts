import { z } from "zod";
import { checksumSchema } from "./text.ts";

/** The formats in which a chat can be exported. */
export const exportFormats = ["json", "ndjson", "markdown", "html"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportFormatSchema = z
  .enum(exportFormats, `format must be one of ${exportFormats.join(", ")}`)
  .default("json");

/**
 * A part of an export over tRPC: first `start`, then the text of the file in chunks, last `end`. Without
 * `end` the file is not complete. `version` as `if_version` of a deletion deletes exactly what is in it.
 */
export const exportFrameSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    export_id: z.string(),
    filename: z.string(),
    content_type: z.string(),
    version: z.int().min(1),
  }),
  z.object({ type: z.literal("chunk"), text: z.string() }),
  z.object({ type: z.literal("end"), checksum: checksumSchema, bytes: z.int().min(0) }),
]);
export type ExportFrame = z.infer<typeof exportFrameSchema>;
