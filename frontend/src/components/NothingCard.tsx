import { Card, Text } from "@mantine/core";

/** Stands where a list would be, with what to do to have something in it. */
export function NothingCard({ title, hint }: { title: string; hint: string }) {
  return (
    <Card withBorder py="xl">
      <Text fw={600} ta="center">
        {title}
      </Text>
      <Text c="dimmed" size="sm" ta="center">
        {hint}
      </Text>
    </Card>
  );
}
