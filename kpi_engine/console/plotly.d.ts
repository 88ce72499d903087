// What the console uses of Plotly, which a script makes a global. The browser never loads this file.

export type Trace = {
  type: "bar" | "scatter";
  x: number[];
  y: (number | null)[];
  [attribute: string]: unknown;
};

export type Plotly = {
  react(plot: HTMLElement, traces: Trace[], layout: object, config: object): Promise<unknown>;
};

declare global {
  interface Window {
    Plotly: Plotly;
  }
}
