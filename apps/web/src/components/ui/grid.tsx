import type { ComponentProps } from "react";

// Rows of virtual lists are placed one by one, which a <table> does not allow. What is focused is inside the cells.
const roles = {
  grid: { role: "grid" },
  row: { role: "row" },
  cell: { role: "gridcell" },
} as const;

/** A list of rows with several things to press in each, of which one or more can be selected. */
export function Grid(props: ComponentProps<"div">) {
  return <div {...roles.grid} {...props} />;
}

export function GridRow(props: ComponentProps<"div">) {
  return <div {...roles.row} {...props} />;
}

export function GridCell(props: ComponentProps<"div">) {
  return <div {...roles.cell} {...props} />;
}
