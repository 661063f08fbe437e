import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../../../generated/client";

/** One client a process, with the pool that the adapter makes when nothing is said. */
const db = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }),
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Deletes a chat the way most applications on this stack do: look, delete the children, delete the row. */
export async function DELETE(request: Request, { params }: { params: Promise<{ chat_id: string }> }) {
  const { chat_id: id } = await params;
  if (!uuid.test(id)) return Response.json({ message: "chat_id must be a UUID" }, { status: 400 });
  const hash = createHash("sha256")
    .update(request.headers.get("x-api-key") ?? "")
    .digest();
  const key = await db.apiKey.findUnique({ where: { hash: new Uint8Array(hash) } });
  if (!key) return Response.json({ message: "Invalid API key" }, { status: 401 });
  const deleted = await db.$transaction(async (tx) => {
    const chat = await tx.chat.findFirst({ where: { id, tenantId: key.tenantId } });
    if (!chat) return false;
    await tx.message.deleteMany({ where: { chatId: id } });
    await tx.chat.delete({ where: { id } });
    return true;
  });
  if (!deleted) return Response.json({ message: "Chat not found" }, { status: 404 });
  return Response.json({ success: true, deleted_at: new Date().toISOString() });
}
