import { CopyButton } from "./copy-button.tsx";

/** The id under which the server's log has a failed request. */
export function RequestId({ id }: { id: string | undefined }) {
  if (!id) return null;
  return (
    <p className="flex min-w-0 items-center gap-1 text-soft text-xs">
      <span className="shrink-0">Request id</span>
      <code className="min-w-0 truncate font-mono text-[0.6875rem]">{id}</code>
      <CopyButton text={id} label="Copy request id" className="size-6 [&_svg]:size-3.5" />
    </p>
  );
}
