import { LeftPanel } from "@/features/leaving/left-panel.tsx";
import { EntranceFrame } from "@/features/session/entrance-frame.tsx";

/** How far a tenant is with leaving, for whoever has no account any more. What opens it stands behind the #. */
export default function LeftPage() {
  return (
    <EntranceFrame
      title="The tenant leaves"
      text="Keep the address of this page: it is the only way to the progress and to the receipt."
    >
      <LeftPanel />
    </EntranceFrame>
  );
}
