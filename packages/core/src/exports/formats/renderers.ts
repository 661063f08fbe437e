import { html } from "./html.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { ndjson } from "./ndjson.ts";
import type { Renderer } from "./renderer.ts";

/** The formats in which a chat can be exported. */
export type ExportFormat = "json" | "ndjson" | "markdown" | "html";

export const renderers: Readonly<Record<ExportFormat, Renderer>> = { json, ndjson, markdown, html };
