/*
 * In the bundle only: the workflows of the host application together with ours, as one module. A script and not a
 * module, because its exports are known only when it runs. The first name is an alias that compose-workflows.ts sets.
 */
{
  type Exports = Record<string, unknown>;
  // oxlint-disable-next-line typescript/no-require-imports -- an alias of the bundler, which is no package
  const host = require('__vta_host_workflows__') as Exports;
  // oxlint-disable-next-line typescript/no-require-imports -- a script has no import
  const own = require('../workflows/index') as Exports;
  // A host that re-exports our workflows has the very same functions.
  const clashes = Object.keys(own).filter((name) => name in host && host[name] !== own[name]);
  if (clashes.length > 0)
    throw Object.assign(
      new Error(`The worker has workflows of its own with names of vta-upgrade: ${clashes.join(', ')}.`),
      {
        vtaNameClashes: clashes,
      },
    );
  Object.assign(exports, host, own);
}
