import { type LetheClientError, toLetheError } from "@lethe/client";
import { RequestId } from "./request-id.tsx";

type FormErrorProps = {
  error: unknown;
  /** How to say it, if its own message is not for these readers. */
  explain?: (failure: LetheClientError) => string;
};

/** Why what a form asked for was not done. */
export function FormError({ error, explain = ({ message }) => message }: FormErrorProps) {
  if (!error) return null;
  const failure = toLetheError(error);
  return (
    <div role="alert" className="rounded-lg bg-blush px-3 py-2.5 text-sm">
      <p className="text-danger">{explain(failure)}</p>
      <RequestId id={failure.requestId} />
    </div>
  );
}
