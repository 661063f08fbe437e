import type { Context } from "../context.ts";
import { type Settings, settingsColumns, settingsRows } from "./settings-row.ts";

/** What the tenant has decided for all of its chats. */
export async function getSettings({ tenantId, db }: Context): Promise<Settings> {
  const rows = await db.$queryRaw`
    SELECT ${settingsColumns} FROM tenant WHERE tenant.tenant_id = ${tenantId}::uuid`;
  return settingsRows.parse(rows)[0];
}
