import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

/** Gives what is shown as a file. */
export function FileLink({ href }: { href: string }) {
  const t = useTranslations("analytics");
  return (
    <Button component="a" href={href} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
      {t("file")}
    </Button>
  );
}
