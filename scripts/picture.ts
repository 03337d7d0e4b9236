import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { playDemo } from './demo/played-demo.ts';
import { makePicture, type PictureLine } from './demo/terminal-picture.ts';

// npm run picture: plays the demo and draws its terminal output into docs/demo.svg.

const lines: PictureLine[] = [];
let output = '';
const flush = () => {
  // An SVG with escape characters is not valid XML.
  const shown = stripVTControlCharacters(output).replaceAll('\r\n', '\n').trimEnd();
  if (shown !== '') lines.push(...shown.split('\n').map((text) => ({ kind: 'output', text }) as const));
  output = '';
};
const passed = await playDemo({
  onJob: (title) => lines.push({ kind: 'title', text: title }),
  onCommand: (command) => {
    flush();
    lines.push({ kind: 'command', text: `$ ${command}` });
  },
  onOutput: (text) => {
    output += text;
  },
  onJobEnd: () => {
    flush();
    lines.push({ kind: 'output', text: '' });
  },
});
if (!passed) throw new Error('The demo did not end as it should: no picture was drawn');
await writeFile(join(import.meta.dirname, '..', 'docs', 'demo.svg'), makePicture(lines));
