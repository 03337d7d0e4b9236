/** A line on the terminal. */
export interface PictureLine {
  readonly kind: 'title' | 'command' | 'output';
  readonly text: string;
}

const columns = 112;
const lineHeight = 18;
const characterWidth = 7.8;
const margin = 16;

// One file for light and dark mode: the viewer of a README evaluates this media query.
const style = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; }
.ground { fill: #f6f8fa; stroke: #d0d7de; }
.title { fill: #57606a; font-style: italic; }
.command { fill: #0550ae; font-weight: 600; }
.output { fill: #24292f; }
@media (prefers-color-scheme: dark) {
  .ground { fill: #161b22; stroke: #30363d; }
  .title { fill: #8b949e; }
  .command { fill: #79c0ff; }
  .output { fill: #c9d1d9; }
}`;

/** Returns the lines as an SVG document for light and dark mode; long lines wrap. */
export function makePicture(lines: readonly PictureLine[]): string {
  const wrapped = lines.flatMap(({ kind, text }) => wrap(text).map((part) => ({ kind, text: part })));
  const width = Math.ceil(columns * characterWidth + 2 * margin);
  const height = wrapped.length * lineHeight + 2 * margin;
  const texts = wrapped.map(
    ({ kind, text }, index) =>
      `<text xml:space="preserve" class="${kind}" x="${margin}" y="${margin + (index + 0.75) * lineHeight}">${escaped(text)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The log of two jobs: one logs in, one is refused">
<style>${style}
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join('\n')}
</svg>
`;
}

function wrap(text: string): string[] {
  const parts = text.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''];
  return [...parts];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
