"use client";

import type { ExportFormat } from "@lethe/api/schemas";
import { type LetheClient, toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { closing, Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { describeSize, plural } from "@/lib/format.ts";
import { FormatChoice } from "../export/format-choice.tsx";
import { exportSetToFile } from "./export-set.ts";
import type { Target } from "./target.ts";

/** Asks in which format chats are to be exported, and exports them, whatever page the person goes to meanwhile. */
export function ExportDialog({ target, onClose }: { target: Target | null; onClose: () => void }) {
  const { client } = useLethe();
  const shown = useLastShown(target);
  const [format, setFormat] = useState<ExportFormat>("json");
  return (
    <Dialog open={target !== null} {...closing(onClose)}>
      <DialogContent
        title={shown ? `Export ${describeSet(shown)}` : "Export"}
        description="A ZIP archive with a file for each chat, and a manifest with their checksums."
      >
        <FormatChoice value={format} onChange={setFormat} />
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              if (target) void exportSet(client, target, format);
            }}
          >
            Export
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** "12 chats", "what lies in the Trash". */
function describeSet(target: Target): string {
  if (target.kind === "trash") return "what lies in the Trash";
  return plural(target.kind === "some" ? target.ids.length : target.count, "chat");
}

let exports = 0;
/** How often a toast tells how far an export is; milliseconds. */
const tellMs = 1_000;

/** Exports chats, with a toast that tells how far it is and can end it. */
async function exportSet(client: LetheClient, target: Target, format: ExportFormat): Promise<void> {
  exports += 1;
  const id = `export-set-${exports}`;
  const ending = new AbortController();
  const { signal } = ending;
  let told = Number.NEGATIVE_INFINITY;
  const tell = (description: string) => {
    if (signal.aborted || performance.now() - told < tellMs) return;
    told = performance.now();
    toasts.add({
      id,
      type: "loading",
      timeout: 0,
      title: `Exporting ${describeSet(target)}…`,
      description,
      data: { actions: [{ label: "Cancel", onClick: () => ending.abort() }] },
    });
  };
  tell("Looking for the chats…");
  try {
    const saved = await exportSetToFile(client, target, { format, signal, onProgress: tell });
    toasts.close(id);
    toasts.add({
      type: "success",
      timeout: 8_000,
      title: `Exported ${plural(saved.files, "chat")}`,
      description: `${saved.filenames.join(", ")}, ${describeSize(saved.bytes)}, checksum verified.${
        saved.skipped > 0 ? ` ${plural(saved.skipped, "was", "were")} gone meanwhile.` : ""
      }`,
    });
  } catch (cause) {
    toasts.close(id);
    if (signal.aborted) return;
    const error = toLetheError(cause);
    if (error.code === "UNAUTHORIZED") return returnToSignIn();
    toasts.add({
      id: `not-${id}`,
      type: "error",
      timeout: 0,
      title: `${capital(describeSet(target))} ${target.kind === "trash" ? "was" : "were"} not exported`,
      description: error.message,
      data: {
        detail: <RequestId id={error.requestId} />,
        actions: [{ label: "Retry", onClick: () => void exportSet(client, target, format) }],
      },
    });
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
