import { z } from "zod";

const systemError = z.object({ code: z.string() });

/** The code of a system error, such as ENOENT, or "unknown error". */
export function errorCode(error: unknown): string {
  const parsed = systemError.safeParse(error);
  return parsed.success ? parsed.data.code : "unknown error";
}
