import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDevServer } from '../../src/cli/dev-server';
import { findOnPath } from '../../src/cli/temporal-binary/find-on-path';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import { runWorkflowId } from '../../src/model/ids';
import { hostsRequest, hostsSite } from '../support/hosts-site';
import { CHROMIUM, requirePart } from '../support/parts';
import { eventually } from '../support/people';
import { startRehearsal, type Rehearsal } from '../support/rehearsal';

/*
 * An upgrade with nothing but the Temporal Web UI, in a real browser: the form that starts it, its details, and the
 * dialogs that answer it. What is typed is copied from what the page shows.
 */
if (requirePart(CHROMIUM, 'an upgrade by the Temporal Web UI')) {
  describe('with nothing but the Temporal Web UI', { timeout: 120_000 }, () => {
    let directory: string;
    let server: DevServer;
    let lab: Rehearsal;
    let browser: Browser;
    let page: Page;
    let workflows: string;
    let run: string;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'vta-ui-'));
      const { path: binary } = await locateTemporal({ env: process.env, log: () => undefined });
      server = await startDevServer({ binary, headless: false, logFile: join(directory, 'temporal.log') });
      lab = await startRehearsal(hostsSite(), undefined, server.address);
      run = runWorkflowId(lab.infrastructure);
      workflows = `${server.uiAddress}/namespaces/default/workflows`;
      browser = await chromium.launch({
        executablePath: findOnPath('chromium', process.env) ?? 'chromium',
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
      });
      page = await browser.newPage({ viewport: { width: 1400, height: 1400 } });
      page.setDefaultTimeout(60_000);
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      await lab?.[Symbol.asyncDispose]();
      await server?.close();
      rmSync(directory, { recursive: true, force: true });
    });

    /** Types into the editor for JSON, and leaves it: then it lays its text out anew, which moves what is below. */
    async function writeJson(value: unknown): Promise<void> {
      await page.locator('[contenteditable="true"]').filter({ visible: true }).click();
      await page.keyboard.insertText(JSON.stringify(value));
      await page.locator('[contenteditable="true"]').filter({ visible: true }).blur();
    }

    /** Opens the dialog of the menu "More Actions", chooses a message, and returns what is said of it. */
    async function dialog(kind: 'update' | 'signal', message: string): Promise<string> {
      await page.goto(`${workflows}/${run}`);
      await page.getByRole('button', { name: 'More Actions' }).click();
      await page.getByTestId(`${kind}-button`).filter({ visible: true }).click();
      await page.getByTestId(`${kind}-select-button`).filter({ visible: true }).click();
      const option = page.getByRole('option', { name: message, exact: false }).filter({ visible: true }).first();
      const description = (await option.textContent()) ?? '';
      await option.click();
      return description;
    }

    async function submit(): Promise<void> {
      await page.getByTestId('confirm-modal-button').filter({ visible: true }).click();
    }

    /** The dialog goes when the message was sent. */
    async function sent(): Promise<void> {
      await page.getByTestId('confirm-modal-button').filter({ visible: true }).waitFor({ state: 'detached' });
    }

    /** The text of the current details, as the tab User Metadata shows it. */
    async function details(): Promise<string> {
      await page.goto(`${workflows}/${run}`);
      await page.getByRole('tab', { name: 'User Metadata' }).click();
      const frame = page.frameLocator('iframe').first();
      await frame.getByRole('heading').first().waitFor();
      return await frame.locator('body').innerText();
    }

    async function payloadInDetails(): Promise<Record<string, unknown>> {
      const shown = /\{\s*"gate"[^}]*\}/.exec(await details());
      if (shown === null) throw new Error('the details show no payload to copy');
      return JSON.parse(shown[0]) as Record<string, unknown>;
    }

    it('the form starts a run', async () => {
      await page.goto(`${workflows}/start-workflow`);
      await page.locator('#workflowId').fill(run);
      await page.locator('#taskQueue').fill(lab.taskQueue);
      await page.locator('#workflowType').fill('upgradeTrustAuthority');
      await writeJson(hostsRequest(lab.infrastructure));
      await page.getByTestId('start-workflow-button').filter({ visible: true }).click();
      await eventually('the run', () =>
        lab.client.workflow
          .getHandle(run)
          .describe()
          .then(
            () => true,
            () => undefined,
          ),
      );
    });

    it('the details show what is asked, with a payload to copy, to the last line', async () => {
      const shown = await eventually('the gate', async () => {
        const text = await details();
        return text.includes('Open: plan') ? text : undefined;
      });
      expect(shown).toContain(`${lab.infrastructure}: waiting for approval`);
      expect(shown).toContain(`May ${lab.infrastructure} be upgraded by this plan?`);
      expect(await payloadInDetails()).toMatchObject({ gate: 'plan', digest: expect.stringMatching(/^sha256:/) });
      // The page cuts off the end of what it shows: the last row of the table must be inside of the frame.
      const frame = page.locator('iframe').first();
      const row = page.frameLocator('iframe').first().locator('tr').last();
      const [outer, inner] = [await frame.boundingBox(), await row.boundingBox()];
      expect((inner?.y ?? Infinity) + (inner?.height ?? 0)).toBeLessThanOrEqual((outer?.y ?? 0) + (outer?.height ?? 0));
      expect(await row.innerText()).toContain('host-1.lab.example');
    });

    it('the update dialog shows an example, and refuses a stale digest with the reason', async () => {
      const payload = { ...(await payloadInDetails()), by: 'alice', reason: 'CHG-4711' };
      expect(await dialog('update', 'approve')).toContain(
        'One JSON object, for example {"gate": "plan", "digest": "sha256:…", "by": "alice", "reason": "CHG-4711"}',
      );
      await writeJson({ ...payload, digest: 'sha256:of-yesterday' });
      await submit();
      await page.getByText('The digest is not the one of gate "plan": got sha256:of-yesterday').first().waitFor();
    });

    it('the update dialog approves the plan', async () => {
      const payload = { ...(await payloadInDetails()), by: 'alice', reason: 'CHG-4711' };
      await dialog('update', 'approve');
      await writeJson(payload);
      await submit();
      await sent();
      await eventually('the host', async () => ((await details()).includes('Phase 2, Trust') ? true : undefined));
    });

    it('the signal dialog pauses it, and the details say so', async () => {
      expect(await dialog('signal', 'pause')).toContain('{"by": "alice", "reason": "storage alarm"}');
      await writeJson({ by: 'bob', reason: 'lunch' });
      await submit();
      await sent();
      await eventually('the pause', async () =>
        /(Paused|asked) by bob: lunch/.test(await details()) ? true : undefined,
      );
    });

    it('"Request Cancellation" ends it in order, and its result is the report', async () => {
      await page.goto(`${workflows}/${run}`);
      await page.getByRole('button', { name: 'Request Cancellation' }).click();
      await page.getByTestId('confirm-modal-button').filter({ visible: true }).click();
      await page.getByText('Completed').first().waitFor();
      const report = await lab.client.workflow.getHandle(run).result();
      expect(report).toMatchObject({ outcome: 'aborted' });
      expect(await details()).toContain(`${lab.infrastructure}: ended`);
    });
  });
}
