import { z } from "zod";

const exportedFileSchema = z.object({
  filename: z.string(),
  content_type: z.string(),
  version: z.int(),
  text: z.string(),
});

/** An export that was received, in words that all entrances share. */
export type ExportedFile = z.infer<typeof exportedFileSchema>;

/** Reads an export; what else there is of it is left out. */
export const exportedFile = (value: unknown): ExportedFile => exportedFileSchema.parse(value);
