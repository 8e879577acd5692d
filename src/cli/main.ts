#!/usr/bin/env node
import { EXIT } from './exit-codes';
import { processIo } from './io';
import { runCli } from './run-cli';

// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

void runCli(process.argv.slice(2), processIo()).then((exitCode) => {
  process.exitCode = exitCode;
  // What was interrupted, a download for example, would keep the process until it is done.
  if (exitCode === EXIT.interrupted) process.exit();
});
