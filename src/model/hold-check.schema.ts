import { z } from 'zod';
import { shaped } from './check-input.schema';
import { httpsAddress, httpsBase, secretReference } from './connection-values.schema';
import type { HoldCheck } from './infrastructure';
import { tlsTrust } from './tls-trust.schema';
import { writtenAs } from './written-values.schema';

/** More than these are a mistake: all are asked before each host. */
const MOST_CHECKS = 20;

const common = {
  name: writtenAs(/^(?=.*\S)\P{Cc}{1,80}$/u, 'must be a name of up to 80 characters').describe(
    'what people read when it holds the run',
  ),
  tls: tlsTrust,
  token: secretReference.describe('where the token is found that is sent as Bearer').exactOptional(),
};

const endpoint = z.strictObject({
  ...common,
  url: httpsAddress.describe('address that answers 2xx for "go" and anything else for "hold"'),
});

const prometheus = z.strictObject({
  ...common,
  prometheus: z.strictObject({
    url: httpsBase.describe('address of Prometheus, such as "https://prometheus.example.com"'),
    query: writtenAs(/^(?=[\s\S]*\S)[\s\S]{1,4000}$/, 'must be a query in PromQL').describe(
      'instant query; the run is held as long as it finds something',
    ),
  }),
});

const both = z.never({ error: 'has both "url" and "prometheus": it is one or the other' });

const holdCheck = shaped<HoldCheck>([endpoint, prometheus], (value) => {
  if (typeof value !== 'object' || value === null || !('prometheus' in value)) return endpoint;
  return 'url' in value ? both : prometheus;
});

/** The checks that may hold a run (M18). */
export const holdChecks = z
  .array(holdCheck)
  .max(MOST_CHECKS)
  .superRefine((checks, context) => {
    const names = checks.map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) === index) return;
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is the name of another check too' });
    });
  })
  .default([])
  .describe('checks that are asked before each host is begun, and may hold the run');
