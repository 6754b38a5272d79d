/** Runs the program of a payload, in the thread that is there for it. */
import Module from 'node:module';

/** Node's default of 10 lines ends inside of libraries before a handler's own line is reached. */
export const STACK_LINES_MAX = 30;

/** The program's `host`. Its stacks name it by `file`, which does not exist. */
export function runProgram<Host>(code: string, file: string): Host {
  // `_compile` is how Node itself runs a CommonJS text under a name; it has been there, undocumented, since Node 0.x.
  const loaded = new Module(file) as Module & {
    _compile(source: string, file: string): void;
    exports: { host: Host };
  };
  loaded.filename = file;
  loaded._compile(code, file);
  return loaded.exports.host;
}
