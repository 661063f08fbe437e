import { useId } from "react";
import { Input } from "@/components/ui/input.tsx";

/** Asks for the number of chats, so that nobody deletes a great many by one wrong key. Pasting is fine. */
export function TypedConfirmation(props: {
  count: number;
  value: string;
  onChange: (typed: string) => void;
}) {
  const id = useId();
  return (
    <div className="mt-4">
      <label htmlFor={id} className="block font-medium text-sm">
        Type <span className="rounded bg-mist px-1.5 py-0.5 font-mono">{props.count}</span> to confirm
      </label>
      <Input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        className="mt-1.5"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}
