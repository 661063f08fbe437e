import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toasts } from "@/components/ui/toast.tsx";

/** Changes a setting, shows what holds now, and says so. */
export function useUpdateSettings(saved: string) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.settings.update.mutationOptions({
      onSuccess: (settings) => {
        queryClient.setQueryData(trpc.settings.get.queryKey(), settings);
        toasts.add({ title: saved });
      },
    }),
  );
}
