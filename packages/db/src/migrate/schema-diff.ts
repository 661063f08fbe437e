import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { withSchemaEngine } from "./with-schema-engine.ts";

export const schemaFile = fileURLToPath(new URL("../../../../prisma/schema.prisma", import.meta.url));

/**
 * The SQL that leads from one Prisma schema to another, both given as text; `from` left out means an
 * empty database, `to` left out means the schema of this version.
 */
export const schemaDiff = async ({
  url,
  from,
  to,
}: {
  url: string;
  from?: string | undefined;
  to?: string;
}): Promise<string> => {
  const target = to ?? (await readFile(schemaFile, "utf8"));
  const refuse = async () => {
    throw new Error("a comparison runs no script");
  };
  const { stdout } = await withSchemaEngine(url, refuse, (engine) =>
    engine.diff({
      from: from === undefined ? { tag: "empty" } : datamodel(from),
      to: datamodel(target),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return stdout ?? "";
};

const datamodel = (content: string) => ({
  tag: "schemaDatamodel" as const,
  files: [{ path: "schema.prisma", content }],
});
