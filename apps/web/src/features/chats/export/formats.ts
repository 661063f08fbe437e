import type { ExportFormat } from "@lethe/api/schemas";

/** The formats of an export, with what each is for. */
export const exportFormats = [
  { format: "json", label: "JSON", hint: "One document, for programs" },
  { format: "ndjson", label: "NDJSON", hint: "A line for each message, for pipelines" },
  { format: "markdown", label: "Markdown", hint: "For notes and text editors" },
  { format: "html", label: "HTML", hint: "A page to read and to print" },
] as const satisfies { format: ExportFormat; label: string; hint: string }[];
