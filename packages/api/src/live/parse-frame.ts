import { fromZodError } from "../errors/from-zod-error.ts";
import { RefusedInput } from "../errors/refused-input.ts";
import { checkJson } from "../http/json-text.ts";
import { requireStrict } from "../http/strict-names.ts";
import { type ClientFrame, clientFrameSchema } from "../schemas/index.ts";

requireStrict(clientFrameSchema, "A frame");

export type ParsedFrame = { frame: ClientFrame } | { fault: string };

/** Reads a client's text frame; `fault` says what is wrong with it and what to send instead. */
export function parseFrame(text: string): ParsedFrame {
  let json: unknown;
  try {
    checkJson(text, "frame");
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof RefusedInput) return { fault: error.message };
    return { fault: "The frame is not JSON. Send a JSON object in a text frame." };
  }
  const parsed = clientFrameSchema.safeParse(json);
  if (parsed.success) return { frame: parsed.data };
  return { fault: fromZodError(parsed.error).message };
}
