import { type LetheClientError, toLetheError } from "@lethe/client";
import { RequestId } from "./request-id.tsx";

/** Why what a form asked for was not done. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  const failure: LetheClientError = toLetheError(error);
  return (
    <div role="alert" className="rounded-lg bg-blush px-3 py-2.5 text-sm">
      <p className="text-danger">{failure.message}</p>
      <RequestId id={failure.requestId} />
    </div>
  );
}
