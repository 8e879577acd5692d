import { z } from 'zod';

import { faultSchema } from '../../scenarios/scenario.schema';
import type { World } from '../../world/world';
import { jsonReply, type HttpHandler, type HttpReply, type HttpRequest } from '../http';
import type { RequestLog } from '../request-log';
import { applyEdit, editSchema } from './edits';
import { worldView } from './world-view';

/** The control endpoint: plain HTTP on the loopback address, for rehearsals and tests. Described in docs/scenarios.md. */
export function controlHandler(world: World, log: RequestLog): HttpHandler {
  return async (request) => {
    try {
      return await answer(world, log, request);
    } catch (thrown) {
      if (thrown instanceof z.ZodError) return jsonReply(400, { error: z.prettifyError(thrown) });
      return jsonReply(400, { error: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
}

async function answer(world: World, log: RequestLog, request: HttpRequest): Promise<HttpReply> {
  switch (`${request.method} ${request.path}`) {
    case 'GET /world':
      return jsonReply(200, worldView(world));
    case 'GET /events':
      return jsonReply(200, world.events.all().slice(Number(request.query.get('since') ?? '0')));
    case 'GET /requests':
      return jsonReply(200, log.all());
    case 'GET /faults':
      return jsonReply(200, world.faults.all());
    case 'POST /faults': {
      const specs = z.union([z.array(faultSchema), faultSchema.transform((one) => [one])]).parse(json(request));
      return jsonReply(
        201,
        specs.map((spec) => world.faults.add(spec)),
      );
    }
    case 'DELETE /faults':
      world.faults.clear(request.query.get('id') ?? undefined);
      return jsonReply(204, undefined);
    case 'POST /world/edit': {
      const edits = z.union([z.array(editSchema), editSchema.transform((one) => [one])]).parse(json(request));
      for (const edit of edits) await applyEdit(world, edit);
      return jsonReply(204, undefined);
    }
    default:
      return jsonReply(404, { error: `no ${request.method} ${request.path}` });
  }
}

function json(request: HttpRequest): unknown {
  return JSON.parse(request.body.toString('utf8')) as unknown;
}
