import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** Shade 7 on white and shade 4 on the dark background pass WCAG's 4.5:1. */
const indigo: MantineColorsTuple = [
  "#eef1ff",
  "#dbe1fb",
  "#b4c0f4",
  "#8b9dee",
  "#8094f0",
  "#5870e4",
  "#4a62dc",
  "#3a50c4",
  "#3147b0",
  "#243a9c",
];

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  colors: { indigo },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  components: {
    Tooltip: {
      defaultProps: { openDelay: 400, withArrow: true, events: { hover: true, focus: true, touch: false } },
    },
    // The name is written beside it.
    Avatar: { defaultProps: { alt: "" } },
    Modal: { defaultProps: { centered: true } },
    // It would be an element in the menu that is no entry.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Anchor: { defaultProps: { underline: "always" } },
  },
});

/** Mantine's own colours for these fall short of WCAG's 4.5:1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#59606b",
    "--mantine-color-green-light-color": "#1f6b2f",
    "--mantine-color-yellow-light-color": "#7a4700",
    "--mantine-color-error": "var(--mantine-color-red-9)",
  },
  dark: {
    "--mantine-color-dimmed": "#a6adbb",
    "--mantine-color-anchor": "var(--mantine-color-indigo-4)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
  },
});
