"use client";

import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import type { HostActions } from "./useHostActions";

/** Asks before someone is thrown out: who has an account stays out until a host lets them back. */
export function RemoveDialog(props: {
  about: ReturnType<HostActions["about"]>;
  name: string;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("people");
  const remove = query.useMutation("delete", "/api/v1/meetings/{meeting_id}/participants/{participant_id}");
  return (
    <ConfirmDialog
      isOpen={props.isOpen}
      title={t("removeTitle", { name: props.name })}
      text={t("removeText")}
      action={t("remove")}
      mutation={remove}
      onConfirm={() => remove.mutate(props.about, { onSuccess: props.onClose })}
      onClose={props.onClose}
    />
  );
}
