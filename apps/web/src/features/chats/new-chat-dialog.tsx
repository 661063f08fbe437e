"use client";

import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";

/** Asks for a title, makes the chat and opens it. */
export function NewChatDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const isMade = useRef(false);
  useEffect(() => {
    if (props.open) isMade.current = false;
  }, [props.open]);
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {/* The page of the new chat takes the focus. */}
      <DialogContent title="New chat" finalFocus={() => !isMade.current}>
        <NewChatForm
          onDone={() => {
            isMade.current = true;
            props.onOpenChange(false);
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

function NewChatForm({ onDone }: { onDone: () => void }) {
  const { trpc } = useLethe();
  const router = useRouter();
  const [title, setTitle] = useState("");
  const id = useId();
  const create = useMutation(
    trpc.chat.create.mutationOptions({
      onSuccess: (chat) => {
        onDone();
        router.push(`/chats/${chat.id}`);
      },
    }),
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    if (title.trim() && !create.isPending) create.mutate({ title: title.trim() });
  }

  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          Title
        </label>
        <Input
          id={id}
          className="mt-1.5"
          value={title}
          maxLength={limits.titleLength}
          placeholder="What is it about?"
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <FormError error={create.error} />
      <Button
        type="submit"
        variant="primary"
        className="self-end"
        disabled={!title.trim() || create.isPending}
      >
        {create.isPending ? "Creating…" : "Create chat"}
      </Button>
    </form>
  );
}
