// Deletes every chat whose title contains a word, and proves that each is gone:
//
//   LETHE_URL=http://localhost:8000 LETHE_API_KEY=your-tenant-api-key node delete-chats.ts invoice
import { createLetheClient, toLetheError } from "@lethe/client";
import { readReceiptKeys, verifyReceipt } from "@lethe/client/receipts";
import { createLetheRest } from "@lethe/client/rest";

const { LETHE_URL: url = "http://localhost:8000", LETHE_API_KEY: apiKey = "" } = process.env;
const [word] = process.argv.slice(2);
if (!word) throw new Error("usage: node delete-chats.ts <word of the title>");

const lethe = createLetheClient({ url, apiKey });
const rest = createLetheRest({ url, apiKey });
const keys = readReceiptKeys(await (await fetch(`${url}/.well-known/jwks.json`)).json());

/** The ids of all chats whose title contains the word. */
async function find(q: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof lethe.chat.list.query>> = await lethe.chat.list.query({
      q,
      cursor,
    });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return ids;
}

/** Deletes a chat for good; answers whether it is gone. One that others are connected to is left to them. */
async function forget(chat_id: string): Promise<boolean> {
  try {
    const { message_count, receipt } = await lethe.chat.delete.mutate({ chat_id });
    const verdict = receipt === null ? undefined : await verifyReceipt(receipt, keys);
    const isProven = verdict?.valid === true && verdict.receipt.chat_id === chat_id;
    const { response } = await rest.GET("/api/v1/chats/{chat_id}", { params: { path: { chat_id } } });
    console.log(
      `${chat_id}: ${message_count} messages, receipt ${isProven ? "valid" : "not valid"}, now ${response.status}`,
    );
    return isProven && response.status === 404;
  } catch (cause) {
    const { reason, activeConnections, message } = toLetheError(cause);
    if (reason === "chat_not_found") return true;
    const why = reason === "active_connections" ? `${activeConnections} still connected` : message;
    console.log(`${chat_id}: kept, ${why}`);
    return false;
  }
}

const outcomes: boolean[] = [];
for (const id of await find(word)) outcomes.push(await forget(id));
console.log(`${outcomes.filter(Boolean).length} of ${outcomes.length} deleted`);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
