import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line with one line, in order, and ends with its input. */
export class LineServer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  #complaints = '';
  #ended: Error | undefined;

  constructor([command, ...args]: readonly [string, ...string[]]) {
    this.#child = spawn(command, args, { env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' } });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    // The close event reports why the program ended.
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.on('data', (data: Buffer) => {
      this.#complaints += data.toString();
    });
    this.#child.on('close', (code) => {
      this.#ended = new Error(`${command} ended with ${code}: ${this.#complaints}`);
      for (const { reject } of this.#waiting) reject(this.#ended);
    });
  }

  ask(line: string): Promise<string> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${line}\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
  }
}
