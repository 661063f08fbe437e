import { CopyButton } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";

/** A new signing secret, which is never shown again. */
export function SecretOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className="mt-4 flex flex-col gap-4">
      <p className="text-pretty text-sm">
        Deliveries are signed with this secret. Copy it now: <strong>it is not shown again.</strong>
      </p>
      <p className="flex items-start gap-1 rounded-lg border bg-shore p-3">
        <code className="min-w-0 break-all font-mono text-[0.8125rem] leading-6">{secret}</code>
        <CopyButton text={secret} label="Copy signing secret" className="size-6 [&_svg]:size-3.5" />
      </p>
      <Button variant="primary" className="self-end" onClick={onDone}>
        I have copied it
      </Button>
    </div>
  );
}
