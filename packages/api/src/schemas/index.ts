export { limits } from "@lethe/core/limits";
export * from "./chat.ts";
export * from "./event.ts";
export * from "./live.ts";
export * from "./message.ts";
export * from "./page.ts";
export * from "./problem.ts";
export * from "./session.ts";
export { chatIdSchema, timeSchema } from "./text.ts";
