import { receiptKeysSchema } from "@lethe/client/receipts";
import { useQuery } from "@tanstack/react-query";

const patienceMs = 10_000;

/** The public keys of the Lethe that serves this page. */
export function useReceiptKeys() {
  return useQuery({
    queryKey: ["receipt-keys"],
    queryFn: async ({ signal }) => {
      const answer = await fetch("/.well-known/jwks.json", {
        signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      });
      if (!answer.ok) throw new Error(`The keys could not be read: ${answer.status}`);
      return receiptKeysSchema.parse(await answer.json());
    },
  });
}
